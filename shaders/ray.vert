#version 120
// The whole pane, and the ray from the eye through each of its points.
attribute vec2 a_corner;    // in [-1, 1]
uniform vec2 u_reach;       // half width and height of the pane at distance 1 of the eye
varying vec3 v_ray;         // view space, not normalised

void main() {
    v_ray = vec3(a_corner * u_reach, -1.0);
    gl_Position = vec4(a_corner, 0.0, 1.0);
}
