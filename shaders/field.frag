#version 120
// A scalar field on the globe: a colour map, and contour lines on the near side.
#include "lib/key_light.glsl"
#include "lib/noise.glsl"
#include "lib/behind_glass.glsl"
uniform vec2 u_viewport;    // pixels
varying vec2 v_at;
varying vec3 v_normal;
varying float v_facing;
varying float v_pole;
uniform sampler2D u_field;  // longitude in s, latitude in t
uniform sampler2D u_map;
uniform float u_alpha;
uniform float u_half;       // 1: the near side, -1: the far side
uniform float u_levels;     // contour lines
uniform vec3 u_line;
uniform float u_exact;    // 1: the near side has the very colours of the map

void main() {
    float f = texture2D(u_field, v_at).r;
    float level = f * u_levels;
    float slope = max(fwidth(level), 1e-4);
    float near = abs(fract(level + 0.5) - 0.5) / slope;
    float contour = (1.0 - smoothstep(0.35, 1.35, near)) * (1.0 - smoothstep(0.3, 0.6, slope));
    contour *= step(0.5, level) * v_pole;
    vec3 paint = texture2D(u_map, vec2(f, 0.5)).rgb;
    float alpha = u_alpha * 0.6 * f;
    if (u_half > 0.0) {
        paint *= 0.78 + 0.30 * max(dot(v_normal, KEY_LIGHT), 0.0);
        paint = mix(paint, u_line, 0.22 * contour);
        float highlight = max(dot(reflect(vec3(0.0, 0.0, -1.0), v_normal), KEY_LIGHT), 0.0);
        paint += 0.07 * highlight * highlight * highlight * highlight;
        alpha = u_alpha * smoothstep(0.0, 0.35, f) * (1.0 - fresnel(v_facing));
    }
    if (u_exact > 0.0) {
        paint = texture2D(u_map, vec2((f * 255.0 + 0.5) / 256.0, 0.5)).rgb;
        alpha = u_half > 0.0 ? 1.0 : 0.0;
    }
    if (u_half < 0.0) paint = behind_glass(paint, gl_FragCoord.xy / u_viewport);
    gl_FragColor = vec4(paint + noise(gl_FragCoord.xy) / 255.0, alpha);
}
