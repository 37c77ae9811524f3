#version 120
// A token among very many: a small soft disc, a little lighter towards the key light.
#include "lib/behind_glass.glsl"
uniform vec2 u_viewport;    // pixels
varying vec4 v_colour;
varying vec2 v_shape;
uniform vec3 u_edge;        // outline
uniform float u_outline_strength;  // strength of the outline
uniform float u_half;       // -1: behind the glass

void main() {
    vec2 q = (2.0 * gl_PointCoord - 1.0) * vec2(v_shape.y, -v_shape.y);
    float r = length(q);
    float body = clamp(v_shape.x + 0.3 - r, 0.0, 1.0);
    float edge = 0.8 * u_outline_strength * clamp(v_shape.x + 0.9 - r, 0.0, 1.0);
    vec2 s = q / v_shape.x;
    float light = 0.92 + 0.24 * dot(s, vec2(-0.61, 0.79)) - 0.16 * dot(s, s);
    vec3 colour = mix(u_edge, v_colour.rgb * light, max(body, 1.0 - u_outline_strength));
    if (u_half < 0.0) colour = behind_glass(colour, gl_FragCoord.xy / u_viewport);
    gl_FragColor = vec4(colour, v_colour.a * max(body, edge));
}
