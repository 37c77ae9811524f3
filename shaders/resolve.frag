#version 120
// A picture at twice the size, four of its points to one.
#include "lib/noise.glsl"
varying vec2 v_at;
uniform sampler2D u_picture;
uniform vec2 u_texel;       // of the large picture

void main() {
    vec2 h = 0.5 * u_texel;
    vec4 sum = texture2D(u_picture, v_at - h) + texture2D(u_picture, v_at + h);
    sum += texture2D(u_picture, v_at + vec2(h.x, -h.y));
    sum += texture2D(u_picture, v_at + vec2(-h.x, h.y));
    gl_FragColor = 0.25 * sum + noise(gl_FragCoord.xy) / 255.0;
}
