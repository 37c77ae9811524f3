// The way from one place to another: a great circle, lifted in its middle, or a chord.
uniform float u_chord;      // 1: straight, for tokens off the sphere; 0: around the globe
uniform float u_lift;       // height of the middle of a quarter turn

vec3 way_point(vec3 start, vec3 end, float s) {
    if (u_chord > 0.5) return mix(start, end, s);
    float c = clamp(dot(start, end), -1.0, 1.0);
    vec3 side = end - c * start;
    float sine = length(side);
    side = sine > 1e-4 ? side / sine : normalize(cross(start, vec3(0.31, 0.77, 0.56)));
    float angle = acos(c);
    float a = s * angle;
    float height = 1.004 + u_lift * sin(angle) * 4.0 * s * (1.0 - s);
    return (cos(a) * start + sin(a) * side) * height;
}
