#version 120
// Circles of latitude and longitude; the equator in brass.
#include "lib/ribbon.glsl"
attribute vec3 a_position;
attribute vec3 a_tangent;
attribute float a_side;     // -1 or 1
attribute float a_fade;     // meridians thin out towards the poles
attribute float a_brass;    // 1 on the equator
uniform mat4 u_clip;
uniform vec3 u_eye;
uniform float u_half;       // 1: before the horizon, -1: behind it, 0: all
uniform float u_width;      // pixels
uniform vec3 u_line;
uniform vec3 u_brass;
uniform vec2 u_far;         // opacity of a line, of the equator: behind the horizon
uniform vec2 u_near;        // and before it
varying vec4 v_colour;
varying float v_side;
varying float v_half_width;
varying float v_facing;

void main() {
    vec4 here = u_clip * vec4(a_position, 1.0);
    vec4 there = u_clip * vec4(a_position + 0.01 * a_tangent, 1.0);
    v_half_width = 0.5 * u_width;
    v_facing = dot(a_position, u_eye) - 1.0;
    v_side = a_side * (v_half_width + 0.5) * drawn(u_half, v_facing);
    vec3 ray = normalize(u_eye - a_position);
    float grazing = 1.0 - abs(dot(ray, a_position));
    float rim = grazing * grazing * grazing;             // lines fade into the rim light
    vec2 strength = v_facing < 0.0 ? u_far : u_near;
    float alpha = mix(strength.x * a_fade, strength.y, a_brass) * (1.0 - 0.8 * rim);
    v_colour = vec4(through_glass(mix(u_line, u_brass, a_brass), v_facing, here), alpha);
    gl_Position = offset_sideways(here, screen_direction(here, there), v_side);
}
