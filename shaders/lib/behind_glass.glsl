// Colours behind the globe, seen through its near face.  The canvas already holds
// background and glass in one, so what is drawn behind the glass is blended with it here.
uniform sampler2D u_glass;  // the near face as it is on the canvas, premultiplied
uniform float u_solid;      // 1 where there is glass, 0 where there is none
uniform float u_tint;       // 1 for paint; 0 for light, which the glass only dims

// `at` is a position on the canvas, in [0, 1].
vec3 behind_glass(vec3 colour, vec2 at) {
    vec4 glass = u_solid * texture2D(u_glass, at);
    return colour * (1.0 - glass.a) + u_tint * glass.rgb;
}
