#version 120
// A cached image, pixel by pixel.
varying vec2 v_at;
uniform sampler2D u_image;

void main() {
    gl_FragColor = texture2D(u_image, v_at);
}
