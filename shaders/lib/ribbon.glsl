// Lines of constant width on screen: each point is given twice, once for each side.
uniform vec2 u_viewport;    // pixels

#include "lib/behind_glass.glsl"

// A colour at `here`: tinted by the glass if it is behind the horizon.
vec3 through_glass(vec3 colour, float facing, vec4 here) {
    return facing < 0.0 ? behind_glass(colour, 0.5 + 0.5 * here.xy / here.w) : colour;
}

// The vector from one point to another on screen, in pixels.
vec2 screen_direction(vec4 here, vec4 there) {
    return (there.xy / there.w - here.xy / here.w) * 0.5 * u_viewport;
}

// Whether a point is drawn: not far on the other side of the horizon.  Where none of its
// points is, a piece of ribbon has no area, and costs next to nothing.
float drawn(float half_, float facing) { return half_ * facing < -0.4 ? 0.0 : 1.0; }

// `here`, moved sideways by `offset` pixels.
vec4 offset_sideways(vec4 here, vec2 direction, float offset) {
    float length_ = length(direction);
    vec2 across = length_ > 1e-4 ? vec2(-direction.y, direction.x) / length_ : vec2(0.0);
    return vec4(here.xy + across * offset * 2.0 / u_viewport * here.w, here.zw);
}
