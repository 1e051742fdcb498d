import type { ForwardRefExoticComponent, HTMLAttributes, RefAttributes } from "react";
import type { XiesouSearch as Element, XiesouSearchEventMap, XiesouSearchOptions } from "./index.js";

export type XiesouSearchProps = Partial<XiesouSearchOptions> &
  Omit<HTMLAttributes<Element>, "onSelect" | "onError" | "results"> & {
    renderHit?: Element["renderHit"];
    onSearch?: (event: XiesouSearchEventMap["xiesou-search"]) => void;
    onResults?: (event: XiesouSearchEventMap["xiesou-results"]) => void;
    onSelect?: (event: XiesouSearchEventMap["xiesou-select"]) => void;
    onAddress?: (event: XiesouSearchEventMap["xiesou-address"]) => void;
    onError?: (event: XiesouSearchEventMap["xiesou-error"]) => void;
  };

export const XiesouSearch: ForwardRefExoticComponent<XiesouSearchProps & RefAttributes<Element>>;
