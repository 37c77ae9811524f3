// Lines of constant width on screen: each point stands there twice, once for each side.
uniform vec2 u_viewport;    // pixels

// The way from one point to another, on screen, in pixels.
vec2 run(vec4 here, vec4 there) {
    return (there.xy / there.w - here.xy / here.w) * 0.5 * u_viewport;
}

// `here`, moved sideways by `offset` pixels.
vec4 aside(vec4 here, vec2 way, float offset) {
    float length_ = length(way);
    vec2 across = length_ > 1e-4 ? vec2(-way.y, way.x) / length_ : vec2(0.0);
    return vec4(here.xy + across * offset * 2.0 / u_viewport * here.w, here.zw);
}
