#version 120
// An image at twice the size, averaged over blocks of 2 x 2 pixels.
#include "lib/noise.glsl"
varying vec2 v_at;
uniform sampler2D u_image;
uniform vec2 u_texel;       // of the large image

void main() {
    vec2 h = 0.5 * u_texel;
    vec4 sum = texture2D(u_image, v_at - h) + texture2D(u_image, v_at + h);
    sum += texture2D(u_image, v_at + vec2(h.x, -h.y));
    sum += texture2D(u_image, v_at + vec2(-h.x, h.y));
    gl_FragColor = 0.25 * sum + noise(gl_FragCoord.xy) / 255.0;
}
