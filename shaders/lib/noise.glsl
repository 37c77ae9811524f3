// Interleaved gradient noise in [-0.49, 0.49]: half a step of 8 bits, against banding.
float noise(vec2 pixel) {
    float n = fract(52.9829189 * fract(dot(pixel, vec2(0.06711056, 0.00583715))));
    return 0.98 * (n - 0.5);
}
