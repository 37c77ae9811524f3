#version 120
// A curve around the circle, as the height of a band.
attribute float a_angle;
attribute float a_height;   // in [0, 1], of the curve
attribute float a_up;       // 0 at the foot, 1 at the curve
uniform mat4 u_clip;
uniform float u_foot;       // radius
uniform float u_rise;       // world length
varying float v_level;      // in [0, 1]

void main() {
    v_level = a_height * a_up;
    float r = u_foot + u_rise * v_level;
    gl_Position = u_clip * vec4(r * cos(a_angle), r * sin(a_angle), 0.0, 1.0);
}
