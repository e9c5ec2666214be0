// Keeps the simulator's page up to date and sends its forms. The server renders everything: what
// comes from it is markup that was escaped there.

const MAX_ROWS = 300;
/** Sections that change by themselves, and how long to wait before they are fetched again. */
const LIVE_PARTS = ['fallas-activas', 'resultados-activos', 'secuencias'];
const REFRESH_MS = 1000;

const byId = (id) => document.getElementById(id);
const table = byId('llamadas');

if (table !== null) {
  for (const element of document.querySelectorAll('[data-copy], #pausa')) element.hidden = false;
  const live = followTraffic(table);
  byId('filtro').addEventListener('submit', (event) => {
    event.preventDefault();
    live.filter(new URLSearchParams(new FormData(event.target)));
  });
  byId('filtro').addEventListener('change', (event) => event.currentTarget.requestSubmit());
  byId('pausa').addEventListener('click', (event) => live.pause(event.currentTarget));
  document.addEventListener('click', onClick);
  for (const form of document.querySelectorAll('form[data-post]')) prepareForm(form);
}

// ——— Traffic ———

function followTraffic(target) {
  const body = target.tBodies[0];
  const status = byId('conexion');
  let newest = Number(target.dataset.newest);
  let query = new URLSearchParams(new FormData(byId('filtro')));
  let paused = false;
  let source;

  const connect = (after) => {
    source?.close();
    const wanted = new URLSearchParams(query);
    wanted.set('after', String(after));
    source = new EventSource(`/_pages/llamadas?${wanted}`);
    source.addEventListener('open', () => (status.value = 'En vivo'));
    source.addEventListener('error', () => (status.value = 'Sin conexión; reintentando'));
    source.addEventListener('rows', (event) => show(JSON.parse(event.data)));
    source.addEventListener('state', refreshSoon);
  };
  const show = ({ seen, html }) => {
    newest = seen;
    byId('vistas').textContent = String(seen);
    body.insertAdjacentHTML('afterbegin', html);
    while (body.rows.length > MAX_ROWS) body.deleteRow(-1);
    refreshSoon();
  };
  connect(newest);
  return {
    filter(wanted) {
      query = wanted;
      for (const [key, value] of [...wanted]) if (value === '') wanted.delete(key);
      history.replaceState(null, '', wanted.size > 0 ? `/?${wanted}` : '/');
      body.replaceChildren();
      if (!paused) connect(0);
    },
    pause(button) {
      paused = !paused;
      button.setAttribute('aria-pressed', String(paused));
      button.textContent = paused ? 'Seguir' : 'Pausar';
      if (paused) source.close();
      else connect(newest);
      if (paused) status.value = 'En pausa';
    },
  };
}

// ——— Parts that the server renders again ———

let refreshing;

function refreshSoon() {
  refreshing ??= setTimeout(() => {
    refreshing = undefined;
    void refresh();
  }, REFRESH_MS);
}

async function refresh() {
  if (document.hidden) {
    document.addEventListener('visibilitychange', refreshSoon, { once: true });
    return;
  }
  const fresh = await pageAt('/_pages/estado');
  for (const id of LIVE_PARTS) {
    const [part, next] = [byId(id), fresh?.getElementById(id)];
    if (part === null || next === null || next === undefined) continue;
    // What has the focus stays: a person is about to press it.
    if (part.innerHTML === next.innerHTML || part.contains(document.activeElement)) continue;
    part.replaceWith(document.adoptNode(next));
  }
}

async function pageAt(address) {
  const answer = await fetch(address);
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

// ——— Buttons ———

function onClick(event) {
  const details = event.target.closest('#llamadas a');
  if (details !== null && event.button === 0 && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    void showDetails(details.getAttribute('href'));
    return;
  }
  const button = event.target.closest('button');
  if (button?.dataset.copy !== undefined) void copy(button);
  if (button?.dataset.delete !== undefined) void change(button, 'DELETE', button.dataset.delete);
  if (button?.dataset.reset !== undefined && confirm(button.dataset.confirm)) {
    void change(button, 'POST', button.dataset.reset, {});
  }
}

async function showDetails(address) {
  const fresh = await pageAt(address);
  const shown = fresh.querySelector('article') ?? fresh.querySelector('h1');
  const dialog = byId('detalle');
  dialog.querySelector('div').replaceChildren(document.adoptNode(shown));
  dialog.showModal();
}

async function copy(button) {
  const label = button.innerHTML;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = 'Copiado';
  setTimeout(() => (button.innerHTML = label), 1500);
}

async function change(button, method, address, body) {
  const output = button.parentElement.querySelector('output');
  const problem = await send(method, address, body);
  if (output !== null) output.value = problem ?? 'Hecho.';
  button.blur();
  await refresh();
}

/** Asks the control API for a change; returns what it minds, or undefined. */
async function send(method, address, body) {
  try {
    const answer = await fetch(address, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (answer.ok || answer.status === 404) return undefined;
    const { error, message } = await answer.json();
    return message ?? error;
  } catch {
    return 'El simulador no responde.';
  }
}

// ——— Forms ———

function prepareForm(form) {
  const chooser = form.querySelector('[data-chooses]');
  const choose = () => {
    for (const part of form.querySelectorAll('[data-variant]')) {
      const isChosen = part.dataset.variant === chooser.value;
      part.hidden = !isChosen;
      part.disabled = !isChosen;
    }
  };
  chooser?.addEventListener('change', choose);
  if (chooser !== null) choose();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit(form);
  });
}

async function submit(form) {
  const output = form.querySelector('output');
  let body;
  try {
    body = Object.fromEntries([...form.elements].flatMap(entryOf));
  } catch {
    output.value = 'Uno de los campos no es JSON.';
    return;
  }
  output.value = (await send('POST', form.dataset.post, body)) ?? 'Hecho.';
  await refresh();
}

function entryOf(element) {
  const { name, value, dataset } = element;
  if (dataset.type === undefined || element.matches(':disabled')) return [];
  if (dataset.type === 'choices') {
    const chosen = [...element.selectedOptions].map((option) => option.value);
    return chosen.length === 0 ? [] : [[name, chosen]];
  }
  const text = value.trim();
  if (text === '') return [];
  if (dataset.type === 'number') return [[name, Number(text)]];
  if (dataset.type === 'flag') return [[name, text === 'true']];
  if (dataset.type === 'list') return [[name, text.split(/[\s,]+/)]];
  return [[name, dataset.type === 'json' ? JSON.parse(text) : text]];
}
