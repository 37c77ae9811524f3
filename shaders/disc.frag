#version 120
// The circle without its curves: canvas, disc, halo, brass ring, ticks of degrees.
#include "lib/noise.glsl"
varying vec3 v_ray;
uniform float u_distance;
uniform float u_pixel;      // world length of one pixel
uniform float u_stroke;     // width of a fine line, pixels
uniform vec3 u_canvas;
uniform vec3 u_deep;
uniform vec3 u_glass;
uniform vec3 u_rim;
uniform vec3 u_line;
uniform vec3 u_brass;
uniform float u_halo;
uniform float u_line_alpha;
uniform float u_floor;      // radius where the potential starts

const float TAU = 6.2831853;

float below(float edge, float x) { return clamp((edge - x) / u_pixel + 0.5, 0.0, 1.0); }

float stroke(float d, float width) {
    return clamp(0.5 * width + 0.5 - abs(d) / u_pixel, 0.0, 1.0);
}

float tick(float angle, float every, float r) {
    float off = abs(fract(angle / every + 0.5) - 0.5) * every;
    return stroke(off * r, u_stroke + 0.2);
}

void main() {
    vec2 at = v_ray.xy * u_distance;
    float r = length(at);
    float angle = atan(at.y, at.x);
    float gap = max(r - 1.0, 0.0);
    float halo = u_halo * (0.22 * exp(-gap * 34.0) + 0.08 * exp(-gap * 7.0));
    vec3 c = mix(u_canvas, u_rim, halo);

    vec3 disc = mix(u_deep, u_glass, 0.85 * smoothstep(0.0, 1.0, r));
    float lit = 0.5 + 0.5 * dot(at / max(r, 1e-4), vec2(-0.61, 0.79));
    disc += u_rim * 0.16 * smoothstep(0.80, 1.0, r) * lit;
    float spokes = tick(angle, TAU / 12.0, r) * smoothstep(0.10, 0.3, r);
    float lines = max(stroke(r - 0.5 * u_floor, u_stroke), spokes);
    disc = mix(disc, u_line, 0.9 * u_line_alpha * lines);
    disc = mix(disc, u_line, 0.20 * stroke(r - u_floor, u_stroke));
    c = mix(c, disc, below(1.0, r));

    float degrees = 0.35 * tick(angle, TAU / 72.0, r) * below(1.045, r);
    degrees += 0.75 * tick(angle, TAU / 12.0, r) * below(1.062, r);
    c = mix(c, u_brass, min(degrees, 0.8) * (1.0 - below(1.028, r)));
    c = mix(c, u_brass, 0.30 * stroke(r - 1.028, u_stroke));
    c = mix(c, u_brass, 0.95 * stroke(r - 1.0, 2.0 * u_stroke));
    gl_FragColor = vec4(c + noise(gl_FragCoord.xy) / 255.0, 1.0);
}
