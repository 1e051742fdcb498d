"""Text: normal form, terms, and the way back to the original. Names only; the modules have the rest."""

from search.text.analyzer import VERSION, Analyzer, Token, Unit, load_analyzer
from search.text.atoms import ATOM, iter_atoms, occurrences
from search.text.batch import ATOM_BASE, CHAR_BASE, TokenBatch
from search.text.normalize import Normalized, normalize, normalize_text, simplify, unify_ideographs

__all__ = [
    "ATOM",
    "ATOM_BASE",
    "CHAR_BASE",
    "VERSION",
    "Analyzer",
    "Normalized",
    "Token",
    "TokenBatch",
    "Unit",
    "iter_atoms",
    "load_analyzer",
    "normalize",
    "normalize_text",
    "occurrences",
    "simplify",
    "unify_ideographs",
]
