"""What is said of two lanes has room, or is left out part by part."""

from app.lanes.lane_bar import fitted


def test_parts_without_room_are_left_out_whole():
    parts = ["Lane 2 − lane 1:  ", "mean angle 2°", "largest 9°", "ΔF̂ +0.1"]
    whole = "Lane 2 − lane 1:  mean angle 2°   largest 9°   ΔF̂ +0.1"
    assert fitted(parts, len, 80) == whole
    assert fitted(parts, len, 36) == "mean angle 2°   largest 9°   ΔF̂ +0.1"
    assert fitted(parts, len, 30) == "mean angle 2°   largest 9°"
    assert fitted(parts, len, 14) == fitted(parts, len, 3) == "mean angle 2°"
    assert fitted(["Cosine in both:  bank 0.4"], len, 3) == "Cosine in both:  bank 0.4"
