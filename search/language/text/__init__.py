"""Text: normal form, terms, and the way back to the original. Names only; the modules have the rest."""

from search.language.text.analyzer import VERSION, Analyzer, Token, Unit, load_analyzer
from search.language.text.batch import ATOM, ATOM_BASE, CHAR_BASE, TokenBatch
from search.language.text.normalize import Normalized, normalize, normalize_text, simplify

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
    "load_analyzer",
    "normalize",
    "normalize_text",
    "simplify",
]
