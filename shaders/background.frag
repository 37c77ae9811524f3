#version 120
// What is behind all tokens: the canvas, the halo of the globe, its far inner face.
#include "lib/noise.glsl"
#include "lib/key_light.glsl"
varying vec3 v_ray;
uniform float u_distance;   // of the eye from the centre, in globe radii
uniform float u_pixel;      // world length of one pixel
uniform float u_solid;      // 1: a globe of glass; 0: a faint guide
uniform vec3 u_canvas;
uniform vec3 u_deep;        // the far inner face
uniform vec3 u_rim;         // reflection at grazing angles
uniform float u_shade;      // contrast of light and shade; 1: strong
uniform float u_halo;       // strength of the light around the globe

// Light around the globe, at a distance from its centre.
float halo(float miss, vec3 ray) {
    float gap = max(miss - 1.0, 0.0);
    float near = 1.0 / (1.0 + 11.0 * gap);
    float near2 = near * near;
    float end = clamp(1.0 - gap / 0.40, 0.0, 1.0);
    float fall = end * end * (0.32 * near2 * near2 * near + 0.16 * near);
    return u_halo * lit_side(ray.xy) * fall;
}

void main() {
    vec3 ray = normalize(v_ray);
    float along = -ray.z * u_distance;                   // to the point closest to the centre
    float miss = sqrt(max(u_distance * u_distance - along * along, 0.0));
    float inside = 1.0 - smoothstep(1.0 - u_pixel, 1.0 + u_pixel, miss);
    float facing = sqrt(max(1.0 - miss * miss, 0.0));
    vec3 n = ray * (along + facing) + vec3(0.0, 0.0, u_distance);
    float caustic = max(dot(n, -KEY_LIGHT), 0.0);
    caustic *= caustic * caustic;                        // light gathers opposite to the key light
    vec3 inner_face = u_deep * (1.0 + u_shade * (0.85 * caustic - 0.38));
    inner_face += 0.10 * u_shade * u_rim * caustic;
    float light = 0.55 * u_halo * lit_side(ray.xy) * fresnel(facing);
    vec3 guide = mix(u_canvas, u_rim, 0.5 * light);
    vec3 around = mix(u_canvas, u_rim, halo(miss, ray) * mix(0.5, 1.0, u_solid));
    vec3 colour = mix(around, mix(guide, inner_face, u_solid), inside);
    gl_FragColor = vec4(colour + noise(gl_FragCoord.xy) / 255.0, 1.0);
}
