#version 120
// A circle around a token: on the globe, or facing the eye.
#include "lib/ribbon.glsl"
attribute vec3 a_centre;
attribute float a_root;     // square root of the mass
attribute vec4 a_colour;
attribute float a_turn;     // radians along the circle
attribute float a_side;     // -1 or 1
uniform mat4 u_clip;
uniform vec3 u_eye;
uniform vec3 u_right;       // of the screen, in the world
uniform vec3 u_up;
uniform float u_flat;       // 1: faces the eye; 0: lies on the globe
uniform float u_half;       // 1: before the horizon, -1: behind it, 0: all
uniform float u_scale;      // pixels of one length at distance 1 of the eye
uniform vec3 u_radius;      // world length: of a bead; added with the root; pixels added
uniform vec2 u_width;       // pixels; pixels added with the root
uniform float u_max_width;  // pixels: widest
varying vec4 v_colour;
varying float v_side;
varying float v_half_width;
varying float v_facing;

vec3 place(float turn, float radius, vec3 right, vec3 up) {
    vec3 out_ = cos(turn) * right + sin(turn) * up;
    if (u_flat > 0.5) return a_centre + radius * out_;
    return 1.003 * (cos(radius) * a_centre + sin(radius) * out_);
}

void main() {
    float away = (u_clip * vec4(a_centre, 1.0)).w;
    float radius = u_radius.x + u_radius.y * a_root + u_radius.z * away / u_scale;
    vec3 right = u_right;
    vec3 up = u_up;
    if (u_flat < 0.5) {
        right = normalize(cross(a_centre, abs(a_centre.z) < 0.9 ? vec3(0.0, 0.0, 1.0) : vec3(1.0, 0.0, 0.0)));
        up = cross(a_centre, right);
    }
    vec3 world = place(a_turn, radius, right, up);
    vec4 here = u_clip * vec4(world, 1.0);
    vec4 there = u_clip * vec4(place(a_turn + 0.02, radius, right, up), 1.0);
    v_half_width = 0.5 * min(u_width.x + u_width.y * a_root, u_max_width);
    v_side = a_side * (v_half_width + 0.5);
    v_facing = dot(mix(world, a_centre, u_flat), u_eye) - 1.0;
    v_colour = vec4(through_glass(a_colour.rgb, v_facing, here), a_colour.a);
    gl_Position = offset_sideways(here, screen_direction(here, there), v_side);
}
