#version 120
// A part of the canvas, in [-1, 1].
attribute vec2 a_corner;
uniform vec2 u_part;        // half width and height, in half canvases
varying vec2 v_at;

void main() {
    vec2 at = a_corner * u_part;
    v_at = 0.5 + 0.5 * at;
    gl_Position = vec4(at, 0.0, 1.0);
}
