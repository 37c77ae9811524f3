// An arc from one point to another: a great circle, lifted in its middle, or a chord.
uniform float u_chord;      // 1: straight, for tokens off the sphere; 0: around the globe
uniform float u_lift;       // height of the middle of a quarter turn

struct ArcPoint {
    vec3 at;
    vec3 along;             // derivative by s
};

// The point of the arc at s in [0, 1].
ArcPoint arc_point(vec3 start, vec3 end, float s) {
    if (u_chord > 0.5) return ArcPoint(mix(start, end, s), end - start);
    float c = clamp(dot(start, end), -1.0, 1.0);
    vec3 side = end - c * start;
    float sine = length(side);
    side = sine > 1e-4 ? side / sine : normalize(cross(start, vec3(0.31, 0.77, 0.56)));
    float angle = acos(c);
    float ca = cos(s * angle);
    float sa = sin(s * angle);
    float lift = 4.0 * u_lift * sin(angle);
    float height = 1.004 + lift * s * (1.0 - s);
    vec3 on = ca * start + sa * side;
    vec3 turning = angle * (ca * side - sa * start);
    return ArcPoint(height * on, height * turning + lift * (1.0 - 2.0 * s) * on);
}
