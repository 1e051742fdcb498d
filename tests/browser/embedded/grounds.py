"""The contrast of a text with all that lies under it, by the pixels of a canvas: not the widget's way."""

from __future__ import annotations

from typing import Any

CONTRAST = """(node) => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const lay = (colour) => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); };
  const luminance = () => {
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const layers = [];
  for (let at = node; at; at = at.assignedSlot || at.parentElement || at.getRootNode().host)
    layers.unshift(getComputedStyle(at).backgroundColor);
  const sheet = document.documentElement.appendChild(document.createElement('i'));
  sheet.style.color = 'Canvas';
  lay(getComputedStyle(sheet).color);
  sheet.remove();
  layers.forEach(lay);
  const ground = luminance();
  lay(getComputedStyle(node).color);
  const ink = luminance();
  return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
}"""


def contrast_of(locator: Any) -> float:
    """How far ink and ground are apart; 4.5 is legible."""
    return float(locator.evaluate(CONTRAST))
