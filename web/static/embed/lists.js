// Lists are walked by index: hosts patch Array.prototype and its iterator.

export const each = (list, use) => {
  for (let i = 0; i < list.length; i++) use(list[i], i);
};

export const push = (list, item) => {
  list[list.length] = item;
  return list;
};

export const filter = (list, keep) => {
  const kept = [];
  each(list, (item) => keep(item) && push(kept, item));
  return kept;
};

export const has = (list, value) => filter(list, (item) => item === value).length > 0;

export const toggled = (list, value) => (has(list, value) ? filter(list, (item) => item !== value) : push(filter(list, () => true), value));

// Words apart by blanks or commas, Chinese ones too.
export const split = (text) => {
  const values = [];
  (text || "").replace(/[^\s,，、;；]+/g, (value) => void push(values, value));
  return values;
};

// Iterates without the iterator of arrays.
export function* iterate(list) {
  for (let i = 0; i < list.length; i++) yield list[i];
}
