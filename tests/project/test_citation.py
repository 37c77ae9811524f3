"""The citation file says the same as the program and the README."""

import re

from helpers.paths import ROOT

from sim import __version__

CITATION = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
ARXIV = re.compile(r"arXiv:(\d{4}\.\d{5})")


def field(name):
    found = re.findall(rf'^{name}: "?([^"\n]*)"?$', CITATION, re.MULTILINE)
    assert len(found) == 1, name
    return found[0]


def test_version_and_licence_are_the_program_s():
    assert field("version") == __version__
    assert field("title") == "Attention Orrery"
    assert field("license") == "MIT"
    assert "MIT License" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_it_refers_to_the_papers_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    papers = set(ARXIV.findall(readme.split("## References")[1]))
    assert papers and set(ARXIV.findall(CITATION)) == papers
    assert CITATION.count("https://arxiv.org/abs/") == len(papers)
