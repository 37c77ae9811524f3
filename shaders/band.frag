#version 120
// A band painted by its height.
varying float v_level;
uniform sampler2D u_map;
uniform vec2 u_range;       // of the colour map
uniform vec2 u_alpha;       // at the foot, at the top
uniform float u_soft;       // levels a pixel

void main() {
    float at = mix(u_range.x, u_range.y, v_level);
    float alpha = mix(u_alpha.x, u_alpha.y, v_level) * min(v_level / u_soft, 1.0);
    gl_FragColor = vec4(texture2D(u_map, vec2(at, 0.5)).rgb, alpha);
}
