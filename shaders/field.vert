#version 120
// The globe as a mesh of triangles, for the scalar field on it.
attribute vec3 a_position;
attribute vec2 a_at;        // longitude, latitude in [0, 1]
uniform mat4 u_clip;
uniform mat3 u_turn;        // world to view
uniform vec3 u_eye;
varying vec2 v_at;
varying vec3 v_normal;      // view space
varying float v_facing;     // cosine to the eye
varying float v_pole;       // 0 at the poles, where contour lines are too dense

void main() {
    v_at = a_at;
    v_normal = u_turn * a_position;
    v_facing = dot(normalize(u_eye - a_position), a_position);
    v_pole = smoothstep(0.06, 0.25, length(a_position.xy));
    gl_Position = u_clip * vec4(a_position, 1.0);
}
