/** Line icons on a 16-pixel grid, in the colour of the text around them. */
const paths = {
  previous: 'M10 3.5 5.5 8l4.5 4.5',
  next: 'M6 3.5 10.5 8 6 12.5',
  down: 'M4 6.5 8 10.5l4-4',
  person: 'M8 8.2a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2ZM3 13.5c.4-2.6 2.3-4 5-4s4.6 1.4 5 4',
  desktop: 'M2.5 3.5h11v7h-11zM6 13h4M8 10.5V13',
  tablet: 'M3.5 2.5h9v11h-9zM7.3 11.7h1.4',
  phone: 'M5 1.8h6v12.4H5zM7.4 12.4h1.2',
  light:
    'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1',
  dark: 'M13 9.6A5.4 5.4 0 0 1 6.4 3a5.4 5.4 0 1 0 6.6 6.6Z',
  forced: 'M8 2.5a5.5 5.5 0 1 0 0 11ZM8 2.5a5.5 5.5 0 1 1 0 11',
  image: 'M2.5 3h11v10h-11zM2.5 11l3.2-3.4 2.4 2.4 1.9-1.8 3.5 3.3M10.4 6.3h.2',
  imageOff: 'M2.5 3h11v10h-11zM2 14 14 2',
  error: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  warning: 'M8 2.5 14 13H2ZM8 6.4v3.2M8 11.2v.2',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.3v3.6M8 5v.2',
  pass: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.4 8.2l1.8 1.8 3.4-3.8',
  attachment: 'M12.5 7.2 7.8 12a2.7 2.7 0 0 1-3.9-3.9l5-5a1.8 1.8 0 0 1 2.6 2.6L6.6 10.6a.9.9 0 0 1-1.3-1.3l4.2-4.2',
  copy: 'M5.5 5.5h7v8h-7zM10.5 5.5v-3h-7v8h2',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.4 10.4l3.4 3.4',
  pause: 'M5.5 3v10M10.5 3v10',
  play: 'M5 3l8 5-8 5Z',
  retry: 'M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3',
  diff: 'M2.5 2.5h5v11h-5zM8.5 2.5h5v11h-5zM4 6h2M4 8h2M10 6h2M10 9h2',
  export: 'M8 2v8M5 7l3 3 3-3M3 13.5h10',
  document: 'M4 2h5.5L12.5 5v9H4zM9.5 2v3h3',
  close: 'M4 4l8 8M12 4l-8 8',
  more: 'M3 7.4a.6.6 0 1 0 .01 0ZM8 7.4a.6.6 0 1 0 .01 0ZM13 7.4a.6.6 0 1 0 .01 0Z',
  check: 'M3.5 8.5l3 3 6-7',
  none: 'M0 0',
  mail: 'M2.5 3.5h11v9h-11zM2.5 4.5 8 9l5.5-4.5',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5.5a2.5 2.5 0 0 1 5 0v2',
} as const;

export type IconName = keyof typeof paths;

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}
