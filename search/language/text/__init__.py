"""Text: normal form, terms, and the way back to the original. Names only; the modules have the rest."""

from search.language.text.analyzer import VERSION, Analyzer, Token, Unit, load_analyzer
from search.language.text.atoms import ATOM, iter_atoms, occurrences, prefix_readings
from search.language.text.normalize import Normalized, normalize, normalize_text, simplify, unify_ideographs

__all__ = [
    "ATOM",
    "VERSION",
    "Analyzer",
    "Normalized",
    "Token",
    "Unit",
    "iter_atoms",
    "load_analyzer",
    "normalize",
    "normalize_text",
    "occurrences",
    "prefix_readings",
    "simplify",
    "unify_ideographs",
]
