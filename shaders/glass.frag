#version 120
// The near face of the globe: opacity, shading, rim, highlight; premultiplied.
#include "lib/noise.glsl"
#include "lib/key_light.glsl"
varying vec3 v_ray;
uniform float u_distance;   // of the eye from the centre, in globe radii
uniform float u_pixel;      // world length of one pixel
uniform vec3 u_glass;
uniform vec3 u_rim;         // reflection at grazing angles
uniform float u_shade;      // contrast of light and shade; 1: strong
uniform float u_opacity;    // opacity of the glass, face on
uniform float u_shine;      // strength of the highlight

void main() {
    vec3 ray = normalize(v_ray);
    float along = -ray.z * u_distance;                   // to the point closest to the centre
    float miss = sqrt(max(u_distance * u_distance - along * along, 0.0));
    float inside = 1.0 - smoothstep(1.0 - u_pixel, 1.0 + u_pixel, miss);
    float facing = sqrt(max(1.0 - miss * miss, 0.0));
    vec3 n = ray * (along - facing) + vec3(0.0, 0.0, u_distance);
    float lambert = max(dot(n, KEY_LIGHT), 0.0);
    float edge = fresnel(facing);
    vec3 colour = u_glass * (1.0 + u_shade * (0.60 * lambert - 0.30));
    colour /= max(max(1.0, colour.r), max(colour.g, colour.b));  // keeps the hue
    colour = mix(colour, u_rim, edge * (0.25 + 0.75 * lit_side(n.xy)));
    float alpha = mix(u_opacity, 1.0, 0.85 * edge);
    float highlight = max(dot(reflect(ray, n), KEY_LIGHT), 0.0);
    highlight *= highlight * highlight * highlight;
    colour = mix(colour, vec3(1.0), u_shine * highlight);
    alpha = min(alpha + 0.6 * u_shine * highlight, 1.0) * inside;
    vec3 dither = vec3(noise(gl_FragCoord.xy)) / 255.0;
    float other = noise(gl_FragCoord.yx + 37.0) / 255.0;
    gl_FragColor = inside > 0.0 ? vec4(colour * alpha + dither, alpha + other) : vec4(0.0);
}
