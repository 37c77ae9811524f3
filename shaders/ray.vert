#version 120
// The middle of the canvas, and the ray from the eye through each of its points.
attribute vec2 a_corner;    // in [-1, 1]
uniform vec2 u_part;        // half width and height of the middle, in half canvases
uniform vec2 u_reach;       // half width and height of the canvas at distance 1 of the eye
varying vec3 v_ray;         // view space, not normalised

void main() {
    vec2 at = a_corner * u_part;
    v_ray = vec3(at * u_reach, -1.0);
    gl_Position = vec4(at, 0.0, 1.0);
}
