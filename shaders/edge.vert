#version 120
// An edge of the graph; its end points are read from a texture, two texels an edge.
#include "lib/ribbon.glsl"
#include "lib/arc.glsl"
attribute vec2 a_where;     // texel of the start, in [0, 1]; the end is to its right
attribute float a_along;    // 0 at the start, 1 at the end
attribute float a_side;     // -1 or 1
uniform sampler2D u_edges;  // start and weight; end and flux
uniform float u_next;       // width of a texel
uniform mat4 u_clip;
uniform vec3 u_eye;
uniform float u_half;       // 1: before the horizon, -1: behind it, 0: all
uniform vec2 u_width;       // pixels at weight 0 and 1
uniform vec2 u_alpha;       // at weight and flux 0, and where one is 1
uniform vec3 u_minus;
uniform vec3 u_zero;
uniform vec3 u_plus;
varying vec4 v_colour;
varying float v_side;
varying float v_half_width;
varying float v_facing;

void main() {
    vec4 start = texture2D(u_edges, a_where);
    vec4 end = texture2D(u_edges, a_where + vec2(u_next, 0.0));
    ArcPoint point = arc_point(start.xyz, end.xyz, a_along);
    vec4 here = u_clip * vec4(point.at, 1.0);
    vec4 there = u_clip * vec4(point.at + 0.02 * point.along, 1.0);
    float weight = start.w;
    float flux = end.w;
    vec3 colour = mix(u_zero, flux > 0.0 ? u_plus : u_minus, sqrt(min(abs(flux), 1.0)));
    float alpha = mix(u_alpha.x, u_alpha.y, max(weight, min(abs(flux), 1.0)));
    v_half_width = 0.5 * mix(u_width.x, u_width.y, weight);
    v_side = a_side * (v_half_width + 0.5);
    v_facing = dot(point.at, u_eye) - 1.0;
    v_colour = vec4(through_glass(colour, v_facing, here), alpha);
    gl_Position = offset_sideways(here, screen_direction(here, there), v_side);
}
