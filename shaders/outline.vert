#version 120
// The line along a curve around the circle.
#include "lib/ribbon.glsl"
attribute vec2 a_here;      // angle, height in [0, 1]
attribute vec2 a_next;
attribute float a_side;     // -1 or 1
uniform mat4 u_clip;
uniform float u_foot;       // radius
uniform float u_rise;       // world length
uniform float u_width;      // pixels
uniform sampler2D u_map;
uniform vec2 u_range;       // of the colour map
uniform vec2 u_alpha;       // at the foot, at the top
varying vec4 v_colour;
varying float v_side;
varying float v_half_width;
varying float v_facing;

vec4 place(vec2 at) {
    float r = u_foot + u_rise * at.y;
    return u_clip * vec4(r * cos(at.x), r * sin(at.x), 0.0, 1.0);
}

void main() {
    vec4 here = place(a_here);
    float level = mix(u_range.x, u_range.y, a_here.y);
    v_colour = texture2D(u_map, vec2(level, 0.5));
    v_colour.a = mix(u_alpha.x, u_alpha.y, smoothstep(0.0, 0.08, a_here.y));
    v_half_width = 0.5 * u_width;
    v_side = a_side * (v_half_width + 0.5);
    v_facing = 0.0;
    gl_Position = offset_sideways(here, screen_direction(here, place(a_next)), v_side);
}
