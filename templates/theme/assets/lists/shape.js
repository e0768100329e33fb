// What a list has, read from its page: columns, and facets with their choices.
import { columnsOfMarks, marksOfHead } from "./marks.js";
import { ALL_LEVELS } from "./matching.js";

const LEVELS = ALL_LEVELS.slice(0, -1);
const STORED = new Set(["choice", "services", "since"]);

/**
 * @param {HTMLElement} section
 * @returns {ListShape}
 */
export function shapeOf(section) {
  const key = section.dataset.pbList ?? "";
  /** @type {HTMLElement[]} */
  const heads = [...section.querySelectorAll("thead th")].filter(isHtml);
  /** @type {[key: string, kind: string, usual: string][]} */
  const all = JSON.parse(section.dataset.facets ?? "[]");
  let stored = 0;
  const facets = all.map(([name, kind, usual]) => {
    const facet = { ...facetOf(section, name, kind, STORED.has(kind) ? stored : -1), usual };
    if (STORED.has(kind)) stored += 1;
    return facet;
  });
  return {
    prefix: key ? `${key}.` : "",
    heads: heads.map((head) => ({ ...columnOf(head), marks: marksOfHead(head) })),
    columns: heads.flatMap((head) => {
      const marks = marksOfHead(head);
      return marks ? columnsOfMarks(columnOf(head), marks) : [columnOf(head)];
    }),
    facets,
    stored,
    file: { columns: fileColumns(heads) },
  };
}

/**
 * The key, kind and title of a column, by its head.
 * @param {HTMLElement} head
 */
function columnOf(head) {
  const { key = "", kind = "" } = head.dataset;
  const title = head.querySelector(".pb-hidden, .pb-marks__title") ?? head;
  return { key, kind, title: (title.textContent ?? "").trim() };
}

/**
 * @param {HTMLElement} section
 * @param {string} key
 * @param {string} kind
 * @param {number} place
 */
function facetOf(section, key, kind, place) {
  const field = section.querySelector(`form [name="${CSS.escape(key)}"]`);
  const options =
    field instanceof HTMLSelectElement
      ? [...field.options].slice(1)
      : field instanceof HTMLInputElement
        ? [...(field.list?.options ?? [])]
        : [];
  const values = options.map(({ value }) => value);
  return {
    key,
    kind,
    place,
    title: titleOf(field),
    values,
    labels: options.map((option) => option.dataset.label ?? option.value),
    places: ALL_LEVELS.map((level) => values.indexOf(level)),
  };
}

/** @param {Element | null} field */
function titleOf(field) {
  const label = field?.closest("label");
  return (label?.querySelector("span")?.textContent ?? label?.textContent ?? "").trim();
}

/**
 * The columns of the file, in which the columns of access levels are one.
 * @param {HTMLElement[]} heads
 * @returns {FileColumn[]}
 */
function fileColumns(heads) {
  const kept = heads.filter(({ dataset }, n) => {
    return dataset.kind !== "level" || heads[n - 1]?.dataset.kind !== "level";
  });
  return kept.map((head) =>
    head.dataset.kind === "level"
      ? { kind: "levels", title: "", place: "", levels: LEVELS, marks: undefined }
      : {
          ...columnOf(head),
          place: head.dataset.place ?? "",
          levels: [],
          marks: marksOfHead(head),
        },
  );
}

/**
 * @param {Element} element
 * @returns {element is HTMLElement}
 */
function isHtml(element) {
  return element instanceof HTMLElement;
}
