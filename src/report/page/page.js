'use strict';
// The page is readable without this script, which makes it move: it sorts, filters and folds the table, and lets table and pictures
// select the same path. Names come from specs: they are set as texts, never as markup.
(() => {
  const networks = JSON.parse(document.getElementById('data').textContent);
  const THIN = '\u202F';
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);

  function element(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  // Numbers: the same forms as everywhere in nas, exact until they are written.

  const grouped = (number) => number.toString().replace(/\B(?=(\d{3})+$)/g, THIN);

  function fixed(number, unit, decimals) {
    const scale = 10n ** BigInt(decimals);
    const rounded = (number * scale + unit / 2n) / unit;
    return decimals === 0 ? grouped(rounded) : `${grouped(rounded / scale)}.${(rounded % scale).toString().padStart(decimals, '0')}`;
  }

  function si(number) {
    const prefixes = [[18n, 'E'], [15n, 'P'], [12n, 'T'], [9n, 'G'], [6n, 'M'], [3n, 'k']];
    for (const [power, prefix] of prefixes) {
      const unit = 10n ** power;
      const thousandths = (number * 1000n + unit / 2n) / unit;
      if (thousandths < 1000n) continue;
      const decimals = thousandths < 10000n ? 3 : thousandths < 100000n ? 2 : 1;
      return `${fixed(number, unit, decimals)}${THIN}${prefix}`;
    }
    return number.toString();
  }

  function share(part, whole, decimals = 1) {
    if (part === 0n || whole === 0n) return `0${THIN}%`;
    const text = fixed(part * 100n, whole, decimals);
    return `${/[1-9]/.test(text) ? text : '<0.1'}${THIN}%`;
  }

  const signed = (number, form) => number === 0n ? '0' : `${number > 0n ? '+' : '\u2212'}${form(number < 0n ? -number : number)}`;

  function bytes(number) {
    if (number < 1000n) return `${number}${THIN}B`;
    const [unit, name] = number < 1000000n ? [1000n, 'kB'] : number < 10000000000n ? [1000000n, 'MB'] : [1000000000n, 'GB'];
    return `${fixed(number, unit, 2)}${THIN}${name}`;
  }

  // Paths: `3b` holds `3b/3x3`, which holds `3b/3x3:conv`; `@` is the network, `@stage 3` a stage.

  const holds = (outer, path) => path === outer || path.startsWith(`${outer}/`) || path.startsWith(`${outer}:`);
  const layerOf = (path) => path.split(':')[0];

  for (const network of networks) {
    network.total = BigInt(network.madds);
    network.places = new Map();
    network.differs = network.kind === 'differences';
    network.rows.forEach((row, at) => {
      Object.assign(row, { at, madds: BigInt(row.madds), params: BigInt(row.params), live: BigInt(row.live_bytes), children: [] });
      row.weight = row.madds < 0n ? -row.madds : row.madds;
      [row.base, row.other] = (row.sides ?? [0, 0]).map(BigInt);
      // What costs nothing, or does not differ, is shown when it is asked for.
      row.free = network.differs ? row.operation === 'equal' && row.parent !== undefined : row.madds === 0n && row.params === 0n;
      row.words = `${row.path} ${row.name} ${row.operation}`.toLowerCase();
      if (row.parent !== undefined) network.rows[row.parent].children.push(row);
      network.places.set(row.path, row);
    });
    // The path of a layer that a branch ends with is its node's; pictures may name the layer.
    // A box of the drawing is the layer itself, not the branch that ends with it.
    network.layer = (path) => network.rows.find((row) => row.path.startsWith(`${path}:`)) ?? network.row(path);
    network.row = (path) => network.places.get(path) ?? network.places.get(layerOf(path));
  }

  // Of two networks the page shows what differs: there a row stands for one of each.

  const home = Math.max(0, networks.findIndex((network) => network.differs));

  function differing({ net, path }) {
    const network = networks[home];
    if (!network.differs) return undefined;
    if (net === home) return network.row(path);
    const own = networks[net].row(path)?.path;
    return own === undefined ? undefined : network.rows.find((row) => row.places[net] === own);
  }

  // A place and those that stand for the same in the other networks.
  function alike(place) {
    const row = differing(place);
    if (!row) return [place];
    const sides = row.places.map((path, net) => ({ net, path })).filter(({ path }) => path !== null);
    return [{ net: home, path: row.path }, ...sides];
  }

  // The page's one selection: a network and a path.

  const listeners = [];
  let selected = null;

  function select(net, path, scroll = false) {
    const row = path === null ? undefined : differing({ net, path });
    if (row) [net, path] = [home, row.path];
    selected = path === null ? null : { net, path };
    const prefix = net === home ? '' : `${net + 1}!`;
    const fragment = selected ? `#${prefix}${encodeURI(path)}` : location.pathname + location.search;
    history.replaceState(null, '', fragment);
    for (const listener of listeners) listener(selected, scroll);
  }

  function fromFragment() {
    let fragment;
    try { fragment = decodeURI(location.hash); } catch { return; } // Not one that this page wrote.
    const parts = /^#(?:(\d+)!)?(.+)$/.exec(fragment);
    if (!parts) return;
    const net = parts[1] ? Number(parts[1]) - 1 : home;
    if (!networks[net]?.places.has(parts[2])) return;
    one(`.tree[data-net="${net}"]`)?.closest('details')?.setAttribute('open', '');
    select(net, parts[2], true);
  }

  // One tooltip for all pictures and bars.

  const tip = document.getElementById('tip');

  function showTip(event, net, path) {
    const network = networks[net];
    const row = network.row(path);
    if (!row) { hideTip(); return; }
    const title = row.path.startsWith('@') || network.differs ? row.name : path;
    const lines = network.differs ? [element('b', {}, title), element('span', {}, row.operation),
      element('span', {}, `${signed(row.madds, si)} multiply-adds`), element('span', {}, `${signed(row.params, si)} parameters`)] : undefined;
    tip.replaceChildren(...lines ?? [element('b', {}, title), element('span', {}, [row.operation, row.output].filter(Boolean).join(', ')),
      element('span', {}, `${si(row.madds)} multiply-adds, ${share(row.madds, network.total)}`),
      element('span', {}, `${si(row.params)} parameters`)]);
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const right = document.documentElement.clientWidth;
    tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, right - width - 4))}px`;
    const below = event.clientY + 18;
    tip.style.top = `${below + height > window.innerHeight ? event.clientY - height - 10 : below}px`;
  }

  const hideTip = () => { tip.hidden = true; };

  // The tree of one network.

  function tree(section) {
    const net = Number(section.dataset.net);
    const network = networks[net];
    const rows = network.rows;
    const table = one('table', section);
    const body = one('tbody', table);
    const lines = [];
    for (const line of all('tr', body)) {
      lines[Number(line.dataset.at)] = line;
    }
    const opened = lines.map((line) => line.getAttribute('aria-expanded') === 'true');
    const state = { flat: false, free: false, words: [], key: null, order: 'none' };
    const count = one('.count', section);
    const details = one('.details', section);
    const leaves = rows.filter((row) => row.children.length === 0 && !row.free);

    // Whether the words of the filter are all in a row's path and operation.
    const matches = (row) => state.words.every((word) => row.words.includes(word));

    const keys = {
      name: (row) => row.at,
      operation: (row) => row.operation,
      madds: (row) => row.madds,
      share: (row) => row.madds,
      base: (row) => row.base,
      other: (row) => row.other,
      params: (row) => row.params,
      live: (row) => row.live,
      field: (row) => Number(row.field.split('–').pop().split('×').pop()),
    };

    function sorted(siblings) {
      if (state.order === 'none') return siblings;
      const key = keys[state.key];
      const sign = state.order === 'ascending' ? 1 : -1;
      const compare = (left, right) => {
        if (state.key === 'name') return sign * left.name.localeCompare(right.name, 'en', { numeric: true });
        const [a, b] = [key(left), key(right)];
        return a < b ? -sign : a > b ? sign : left.at - right.at;
      };
      return [...siblings].sort(compare);
    }

    function render() {
      const filtered = state.words.length > 0;
      const found = new Set(filtered ? rows.filter((row) => row.children.length === 0 && matches(row)) : []);
      const around = new Set();
      for (const row of found) {
        for (let up = row.parent; up !== undefined; up = rows[up].parent) around.add(rows[up]);
      }
      const isIn = (row) => !filtered || found.has(row) || around.has(row);
      const chosen = selected?.net === net ? network.row(selected.path) : undefined;
      const isShown = (row) => isIn(row) && (!row.free || state.free || filtered || row === chosen);
      // What is folded away keeps its place, for on paper stages are open.
      const order = [];
      const lie = [];
      if (state.flat) {
        order.push(...sorted(rows.filter((row) => row.children.length === 0 && isShown(row))));
        lie.push(...order, ...rows.filter((row) => !order.includes(row)));
      } else {
        const add = (row, open) => {
          lie.push(row);
          if (open && isShown(row)) order.push(row);
          for (const child of sorted(row.children)) add(child, open && isShown(row) && (filtered || opened[row.at]));
        };
        add(rows[0], true);
      }
      const shown = new Set(order);
      let largest = 0n;
      let widest = 0n;
      for (const row of rows) {
        if (row.at > 0 && row.weight > largest) largest = row.weight;
        // What stands around hits is greyed and sets no scale.
        if (row.at > 0 && shown.has(row) && !around.has(row) && row.weight > widest) widest = row.weight;
      }
      table.style.setProperty('--scale', widest === 0n ? 1 : Number(largest * 1000000n / widest) / 1000000);
      table.classList.toggle('flat', state.flat);
      for (const row of rows) {
        const line = lines[row.at];
        line.classList.toggle('closed', !shown.has(row));
        line.classList.toggle('left-out', !isIn(row) || (state.flat && !shown.has(row)));
        line.classList.toggle('free', row.free && !shown.has(row));
        line.classList.toggle('around', around.has(row));
        if (row.children.length > 0) line.setAttribute('aria-expanded', String(filtered || opened[row.at]));
        const label = one('.name > span:last-child', line);
        label.textContent = state.flat && !network.differs ? layerOf(row.path) : row.name;
      }
      body.append(...lie.map((row) => lines[row.at]));
      for (const head of all('th', table)) {
        head.setAttribute('aria-sort', head.dataset.key === state.key ? state.order : 'none');
      }
      if (!order.some((row) => lines[row.at].tabIndex === 0)) setStop(order[0]);
      tell(filtered ? leaves.filter((row) => found.has(row)) : leaves, filtered);
    }

    // How many layers match, and what they weigh.
    function tell(hits, filtered) {
      const sum = (field) => hits.reduce((sum, row) => sum + row[field], 0n);
      const madds = sum('madds');
      if (network.differs) {
        const layers = rows.filter((row) => row.children.length === 0).length;
        const verb = filtered ? (hits.length === 1 ? 'differs and matches' : 'differ and match') : hits.length === 1 ? 'differs' : 'differ';
        count.textContent = `${hits.length} of ${layers} layers ${verb}: ${signed(madds, si)} multiply-adds`;
        return;
      }
      const plural = (number) => number === 1 ? 'layer' : 'layers';
      const what = filtered
        ? `${hits.length} of ${leaves.length} ${plural(leaves.length)} ${hits.length === 1 ? 'matches' : 'match'}`
        : `${leaves.length} ${plural(leaves.length)}`;
      count.textContent = `${what}: ${si(madds)} multiply-adds (${share(madds, network.total)}), ${si(sum('params'))} parameters`;
    }

    const visible = () => all('tr:not(.closed)', body);
    const rowOf = (line) => rows[Number(line.dataset.at)];

    // The one row that the tab key reaches.
    function setStop(row) {
      for (const line of lines) line.tabIndex = -1;
      if (row) lines[row.at].tabIndex = 0;
    }

    function focus(line) {
      if (!line) return;
      setStop(rowOf(line));
      line.focus();
    }

    function setOpen(row, open) {
      opened[row.at] = open;
      render();
    }

    // Opens what is around a row, so that it is shown.
    function reveal(row) {
      for (let up = row.parent; up !== undefined; up = rows[up].parent) opened[up] = true;
    }

    function show(chosen, scroll) {
      const row = chosen?.net === net ? network.row(chosen.path) : undefined;
      if (row && !state.flat) reveal(row);
      render();
      for (const line of lines) line.setAttribute('aria-selected', String(rowOf(line) === row));
      panel(row);
      if (!row) return;
      setStop(row);
      if (scroll) lines[row.at].scrollIntoView({ block: 'center' });
    }

    function panel(row) {
      details.classList.toggle('chosen', Boolean(row));
      if (!row) {
        const keys = [['/', 'filter'], ['↑ ↓ ← →', 'in the table'], ['f', 'flat'], ['t', 'theme'], ['Esc', 'clears']];
        const parts = keys.flatMap(([key, does], at) => [element('kbd', {}, key), ` ${does}${at + 1 < keys.length ? ', ' : '.'}`]);
        details.replaceChildren(element('h3', {}, 'Nothing selected'),
          element('p', {}, 'Click a row, a cell of the icicle or a box of the graph. Keys: ', ...parts));
        return;
      }
      if (network.differs) {
        differences(row);
        return;
      }
      const facts = [
        ['operation', row.operation],
        ['output', row.output],
        ['multiply-adds', grouped(row.madds)],
        ['share', share(row.madds, network.total, 2)],
        ['parameters', grouped(row.params)],
        ['live memory', row.live > 0n ? bytes(row.live) : ''],
        ['receptive field', `${row.field}${THIN}px`],
        ...(row.more ?? []),
      ];
      const list = element('dl');
      for (const [what, value] of facts.filter(([, value]) => value)) list.append(element('dt', {}, what), element('dd', {}, value));
      details.replaceChildren(...headed(row.path.startsWith('@') ? row.name : layerOf(row.path)), list);
      for (const node of row.nodes ?? []) details.append(formulas(node));
    }

    function headed(words) {
      const close = element('button', { type: 'button', class: 'shut', 'aria-label': 'close' }, '×');
      close.addEventListener('click', () => select(net, null));
      return [element('h3', {}, words), close];
    }

    // Both sides of a row and what lies between them.
    function differences(row) {
      const sides = row.places.map((path, side) => path === null ? undefined : networks[side].row(path));
      const table = element('table', { class: 'sides' });
      const line = (tag, ...cells) => table.append(element('tr', {}, ...cells.map((cell) => element(tag, {}, cell))));
      line('th', '', networks[0].name, networks[1].name, 'difference');
      const numbers = [['multiply-adds', 'madds', grouped], ['parameters', 'params', grouped], ['live memory', 'live', bytes]];
      for (const [what, field, form] of numbers) {
        const [base, other] = sides.map((side) => side ? side[field] : 0n);
        line('td', what, ...sides.map((side) => side ? form(side[field]) : ''), signed(other - base, form));
      }
      for (const [what, field] of [['output', 'output'], ['sees, px', 'field'], ['operation', 'operation']]) {
        line('td', what, ...sides.map((side) => side?.[field] ?? ''), '');
      }
      details.replaceChildren(...headed(row.name), element('p', {}, row.operation), table);
      const written = sides.map((side) => (side?.nodes ?? []).map((node) => node.operator).join('\n'));
      for (const [at, side] of sides.entries()) {
        if (!side?.nodes || at === 1 && written[0] === written[1] && sides[0].madds === side.madds) continue;
        details.append(element('h4', {}, networks[at].name));
        for (const node of side.nodes) details.append(formulas(node));
      }
    }

    function formulas(node) {
      const made = element('div', { class: 'node' }, element('code', { class: 'operator' }, node.operator));
      for (const [figure, names, numbers, value] of node.formulas) {
        made.append(element('code', { title: names }, `${figure} = ${numbers}\n= ${grouped(BigInt(value))}`));
      }
      return made;
    }

    // Mouse.

    body.addEventListener('click', (event) => {
      const line = event.target.closest('tr');
      if (!line) return;
      const row = rowOf(line);
      if (event.target.closest('.fold') && row.children.length > 0 && !state.flat) {
        setOpen(row, !opened[row.at]);
        return;
      }
      select(net, row.path);
      focus(line);
    });
    body.addEventListener('dblclick', (event) => {
      const line = event.target.closest('tr');
      if (line && !event.target.closest('.fold') && rowOf(line).children.length > 0) setOpen(rowOf(line), !opened[rowOf(line).at]);
    });
    body.addEventListener('pointermove', (event) => {
      const line = event.target.closest('tr');
      hover(line ? { net, path: rowOf(line).path } : null);
      if (event.pointerType === 'mouse' && line && event.target.closest('.bar')) showTip(event, net, rowOf(line).path);
      else hideTip();
    });
    body.addEventListener('pointerleave', () => { hover(null); hideTip(); });

    // Sorting: most first, least first, order of the spec.
    for (const button of all('th button', table)) {
      button.addEventListener('click', () => {
        const key = button.closest('th').dataset.key;
        const orders = ['descending', 'ascending', 'none'];
        const at = state.key === key ? orders.indexOf(state.order) : -1;
        Object.assign(state, { key, order: orders[(at + 1) % orders.length] });
        render();
      });
    }

    function setFlat(flat) {
      // The flat list is a ranking; leaving it restores the order of before.
      if (flat) state.before = [state.key, state.order];
      [state.key, state.order] = flat ? ['madds', 'descending'] : state.before;
      state.flat = flat;
      one('[data-do=flat]', section).setAttribute('aria-pressed', String(flat));
      render();
    }

    const does = {
      open: () => { opened.fill(true); render(); },
      close: () => { opened.fill(false); opened[0] = true; render(); },
      flat: () => setFlat(!state.flat),
      free: (button) => { state.free = !state.free; button.setAttribute('aria-pressed', String(state.free)); render(); },
    };
    for (const button of all('.controls button', section)) {
      button.addEventListener('click', () => does[button.dataset.do](button));
    }

    // Keys within the table.
    body.addEventListener('keydown', (event) => {
      const line = event.target.closest('tr');
      if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
      const row = rowOf(line);
      const lines = visible();
      const at = lines.indexOf(line);
      const moves = {
        ArrowDown: () => focus(lines[at + 1]),
        ArrowUp: () => focus(lines[at - 1]),
        Home: () => focus(lines[0]),
        End: () => focus(lines[lines.length - 1]),
        Enter: () => select(net, row.path),
        ' ': () => select(net, row.path),
        ArrowRight: () => {
          if (row.children.length === 0 || state.flat) return;
          if (opened[row.at] || state.words.length > 0) focus(lines[at + 1]);
          else setOpen(row, true);
          if (!document.activeElement.closest('tr')) focus(line);
        },
        ArrowLeft: () => {
          if (row.children.length > 0 && opened[row.at] && !state.flat && state.words.length === 0) setOpen(row, false);
          else if (row.parent !== undefined && !state.flat) focus(lineOf(row.parent));
          if (!document.activeElement.closest('tr')) focus(line);
        },
      };
      if (!moves[event.key]) return;
      event.preventDefault();
      moves[event.key]();
    });
    const lineOf = (at) => lines[at];

    listeners.push(show);
    panel(undefined);
    render();
    return {
      filter: (text) => { state.words = text.toLowerCase().split(/\s+/).filter(Boolean); render(); },
      flat: () => setFlat(!state.flat),
    };
  }

  // Hover: everything that shows the path is marked.

  let hovered = null;
  function hover(place) {
    if (place?.net === hovered?.net && place?.path === hovered?.path) return;
    hovered = place;
    for (const marked of all('.hovered')) marked.classList.remove('hovered');
    if (place) mark(place, 'hovered');
  }

  function mark(place, name) {
    for (const one of alike(place)) markIn(one, name);
  }

  function markIn({ net, path }, name) {
    const here = layerOf(path);
    for (const picture of all(`[data-net="${net}"] [data-path]`)) {
      const shown = picture.dataset.path;
      if (picture.classList.contains('cell')) {
        // A cell lies below those that it is in already.
        if (shown === path) picture.classList.add(name);
        continue;
      }
      const isLayer = shown === here && path !== here;
      if (shown === path || (!path.startsWith('@') && holds(path, shown)) || isLayer) picture.classList.add(name);
    }
    for (const line of all(`.tree[data-net="${net}"] tr[data-at]`)) {
      if (networks[net].rows[Number(line.dataset.at)] === networks[net].row(path)) line.classList.add(name);
    }
  }

  listeners.push((chosen) => {
    for (const marked of all('svg .selected')) marked.classList.remove('selected');
    if (chosen) mark(chosen, 'selected');
  });

  function picture(holder) {
    const net = Number(holder.dataset.net);
    const network = networks[net];
    // Where a row tells more, the page's tooltip stands for the picture's own.
    for (const title of all('[data-path] > title', holder)) if (network.row(title.parentElement.dataset.path)) title.remove();
    const found = (event) => event.target.closest('[data-path]');
    holder.addEventListener('pointermove', (event) => {
      const part = found(event);
      hover(part ? { net, path: part.dataset.path } : null);
      if (part && event.pointerType === 'mouse') showTip(event, net, part.dataset.path);
      else hideTip();
    });
    holder.addEventListener('pointerleave', () => { hover(null); hideTip(); });
    const choose = (part) => {
      const { path } = part.dataset;
      const row = part.classList.contains('layer') ? network.layer(path) : network.row(path);
      if (row) select(net, row.path);
    };
    holder.addEventListener('click', (event) => {
      const part = found(event);
      if (part) choose(part);
    });
    // One part of each drawing is reached by the tab key, the others from there by arrows, in order of execution.
    for (const drawing of all('svg', holder)) {
      const stops = all('.cell, .layer', drawing);
      const stop = (part) => { for (const other of stops) other.setAttribute('tabindex', other === part ? '0' : '-1'); };
      for (const part of stops) {
        const row = network.row(part.dataset.path);
        part.setAttribute('role', 'button');
        part.setAttribute('aria-label', row ? `${row.name}, ${si(row.madds)} multiply-adds` : part.dataset.path);
      }
      stop(stops[0]);
      drawing.addEventListener('keydown', (event) => {
        const part = event.target.closest('.cell, .layer');
        if (!part || event.ctrlKey || event.metaKey || event.altKey) return;
        const shown = stops.filter((stop) => !stop.classList.contains('gone'));
        const at = shown.indexOf(part);
        const ends = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 };
        if (event.key === 'Enter' || event.key === ' ') choose(part);
        else if (!(event.key in ends)) return;
        else if (shown[ends[event.key]]) { stop(shown[ends[event.key]]); shown[ends[event.key]].focus(); }
        event.preventDefault();
      });
    }
  }

  // Zoom: the cells of an icicle are laid out anew with one of them over the whole length; its texts are set as they fit.

  const zooms = [];

  function icicle(holder) {
    const net = Number(holder.dataset.net);
    const network = networks[net];
    const button = one('.out', holder.parentElement);
    const drawings = all('svg', holder).map((svg) => ({ svg, cells: all('.cell', svg).map(cellOf), made: [] }));
    for (const drawing of drawings) {
      drawing.down = drawing.cells[0].box.width > drawing.cells[0].box.height;
      drawing.em = Number(one('.cell text', drawing.svg)?.getAttribute('font-size') ?? 260);
    }
    let at = null;

    function cellOf(group) {
      const rect = one('rect', group);
      const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(rect.getAttribute(name)));
      return { group, path: group.dataset.path, box: { x, y, width, height }, rests: [...group.children].filter((part) => part !== rect), rect };
    }

    function place({ rect }, { x, y, width, height }) {
      for (const [name, value] of Object.entries({ x, y, width, height })) rect.setAttribute(name, value);
    }

    function zoom(path) {
      at = path;
      button.disabled = path === null;
      for (const drawing of drawings) draw(drawing, path);
    }

    function draw(drawing, path) {
      drawing.made.forEach((text) => text.remove());
      drawing.made = [];
      drawing.svg.classList.toggle('zoomed', path !== null);
      const [from, long] = drawing.down ? ['x', 'width'] : ['y', 'height'];
      const whole = drawing.cells[0].box;
      const goal = path === null ? null : drawing.cells.find((cell) => cell.path === path)?.box;
      for (const cell of drawing.cells) {
        const { box } = cell;
        // Hatches and texts of the program fit the whole only.
        cell.rests.forEach((part) => part.classList.toggle('gone', Boolean(goal)));
        if (!goal) {
          cell.group.classList.remove('gone');
          place(cell, box);
          continue;
        }
        const scale = whole[long] / goal[long];
        const start = Math.max(whole[from], whole[from] + (box[from] - goal[from]) * scale);
        const end = Math.min(whole[from] + whole[long], whole[from] + (box[from] + box[long] - goal[from]) * scale);
        cell.group.classList.toggle('gone', end - start < 8);
        if (end - start < 8) continue;
        const placed = { ...box, [from]: start, [long]: end - start };
        place(cell, placed);
        label(drawing, cell, placed);
      }
    }

    function label(drawing, cell, box) {
      const row = network.row(cell.path);
      if (!row) return;
      const model = cell.rests.find((part) => part.tagName === 'text');
      const { em } = drawing;
      const fill = model?.getAttribute('fill') ?? (row.class && row.children.length === 0 ? `var(--on-${row.class.slice(2).split(' ')[0]})` : 'var(--ink)');
      const lines = [row.name, share(row.madds, network.total), si(row.madds)];
      let top = box.y + em * 1.15;
      for (const [at, line] of lines.entries()) {
        if (top + em * 0.3 > box.y + box.height) return;
        const text = document.createElementNS('http://www.w3.org/2000/svg', 'text');
        const attributes = { x: box.x + em * 0.4, y: top, 'font-size': em, fill, ...(at === 0 ? { 'font-weight': 'bold' } : {}) };
        for (const [name, value] of Object.entries(attributes)) text.setAttribute(name, value);
        text.textContent = line;
        cell.group.append(text);
        if (text.getComputedTextLength() + em * 0.8 > box.width) { text.remove(); return; }
        drawing.made.push(text);
        top += em * 1.2;
      }
    }

    holder.addEventListener('click', (event) => {
      const cell = event.target.closest('.cell');
      if (!cell) return;
      // A click on what fills the whole goes one step out.
      zoom(cell.dataset.path === at || cell.dataset.path === '@' ? null : cell.dataset.path);
    });
    button.addEventListener('click', () => zoom(null));
    zooms.push(() => { const zoomed = at !== null; if (zoomed) zoom(null); return zoomed; });
  }

  const trees = all('.tree').map(tree);
  all('.icicle[data-net]').forEach(icicle);
  all('.picture[data-net]').forEach(picture);

  // The overview of several networks: any column, most first, then least first, then the order they were named in.

  for (const table of all('table.overview')) {
    const body = one('tbody', table);
    const written = all('tr', body);
    const heads = all('th', table);
    heads.forEach((head, column) => one('button', head).addEventListener('click', () => {
      const orders = ['descending', 'ascending', 'none'];
      const order = orders[(orders.indexOf(head.getAttribute('aria-sort')) + 1) % 3];
      for (const other of heads) other.setAttribute('aria-sort', other === head ? order : 'none');
      const cell = (line) => line.children[column];
      const compare = (left, right) => {
        const [a, b] = [cell(left), cell(right)];
        if (!a.dataset.value || column === 0) return a.textContent.localeCompare(b.textContent, 'en', { numeric: true });
        const [x, y] = [BigInt(a.dataset.value), BigInt(b.dataset.value)];
        return x < y ? -1 : x > y ? 1 : 0;
      };
      const sign = order === 'ascending' ? 1 : -1;
      body.append(...(order === 'none' ? written : [...written].sort((left, right) => sign * compare(left, right))));
    }));
    for (const link of all('a', body)) {
      link.addEventListener('click', () => { document.getElementById(link.hash.slice(1)).open = true; });
    }
  }

  // The page's own keys and buttons.

  const filter = document.getElementById('filter');
  const setFilter = (text) => { filter.value = text; for (const tree of trees) tree.filter(text); };
  filter.addEventListener('input', () => setFilter(filter.value));

  const root = document.documentElement;
  function setTheme(theme) {
    root.dataset.theme = theme;
    try { localStorage.setItem('nas-theme', theme); } catch { /* a page from a file may have no storage */ }
  }
  function turnTheme() {
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    setTheme(dark ? 'light' : 'dark');
  }
  document.getElementById('theme').addEventListener('click', turnTheme);

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches('input, textarea, select');
    if (event.key === 'Escape') {
      if (filter.value !== '') setFilter('');
      else if (!zoomOut()) select(0, null);
      if (typing) filter.blur();
    } else if (typing) {
      return;
    } else if (event.key === '/') {
      event.preventDefault();
      filter.focus();
      filter.select();
    } else if (event.key === 'f') {
      for (const tree of trees) tree.flat();
    } else if (event.key === 't') {
      turnTheme();
    }
  });

  const zoomOut = () => zooms.some((out) => out());

  document.getElementById('save').addEventListener('click', () => {
    const file = new Blob([document.getElementById('data').textContent], { type: 'application/json' });
    const link = element('a', { href: URL.createObjectURL(file), download: `${networks.map((network) => network.name).join('-')}.json` });
    link.click();
    URL.revokeObjectURL(link.href);
  });

  window.addEventListener('hashchange', fromFragment);
  fromFragment();
})();
