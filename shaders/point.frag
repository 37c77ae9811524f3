#version 120
// A token among very many: a small soft disc, a little lighter towards the lamp.
#include "lib/veil.glsl"
varying vec4 v_colour;
varying vec2 v_shape;
uniform float u_half;       // -1: behind the glass

void main() {
    vec2 q = (2.0 * gl_PointCoord - 1.0) * vec2(v_shape.y, -v_shape.y);
    float body = clamp(v_shape.x + 0.5 - length(q), 0.0, 1.0);
    float light = 0.92 + 0.14 * dot(q, vec2(-0.61, 0.79)) / v_shape.x;
    vec3 colour = v_colour.rgb * light;
    if (u_half < 0.0) colour = veiled(colour);
    gl_FragColor = vec4(colour, v_colour.a * body);
}
