#version 120
// A picture made before, point by point.
varying vec2 v_at;
uniform sampler2D u_picture;

void main() {
    gl_FragColor = texture2D(u_picture, v_at);
}
