#version 120
// A band painted by its height.
varying float v_level;
uniform sampler2D u_map;
uniform vec2 u_range;       // of the colour map
uniform vec2 u_alpha;       // at the foot, at the top

void main() {
    float at = mix(u_range.x, u_range.y, v_level);
    gl_FragColor = vec4(texture2D(u_map, vec2(at, 0.5)).rgb, mix(u_alpha.x, u_alpha.y, v_level));
}
