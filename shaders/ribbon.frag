#version 120
// A line with soft edges; the part before the horizon, the part behind it, or all.
varying vec4 v_colour;
varying float v_side;       // pixels from the middle
varying float v_half_width; // pixels
varying float v_facing;     // positive before the horizon
uniform float u_half;       // 1: before the horizon, -1: behind it, 0: all

void main() {
    if (u_half * v_facing < 0.0) discard;
    float soft = clamp(v_half_width + 0.5 - abs(v_side), 0.0, 1.0);
    gl_FragColor = vec4(v_colour.rgb, v_colour.a * soft);
}
