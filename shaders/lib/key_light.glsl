// The key light is fixed to the camera, at the upper left.
const vec3 KEY_LIGHT = vec3(-0.48019, 0.62025, 0.62025);  // view space, unit

// How much of the key light a side of the globe gets, in [0.1, 1].
float lit_side(vec2 side) {
    vec2 unit = side * inversesqrt(dot(side, side) + 1e-8);
    return 0.55 + 0.45 * dot(unit, vec2(-0.612, 0.791));
}

// Reflection at grazing angles; `facing` is 1 in the middle of the globe, 0 at the limb.
float fresnel(float facing) {
    float grazing = 1.0 - facing;
    return grazing * grazing * grazing * (0.55 + 0.45 * grazing);
}
