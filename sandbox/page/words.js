// How things are said in Spanish on the page: times, calls and faults. No elements here.

const CARACAS = "America/Caracas";
const clock = new Intl.DateTimeFormat("es-VE", { timeZone: CARACAS, hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat("es-VE", {
  timeZone: CARACAS, weekday: "long", day: "numeric", month: "long",
});
const full = new Intl.DateTimeFormat("es-VE", {
  timeZone: CARACAS, weekday: "long", day: "numeric", month: "long", year: "numeric",
});

export const hour = (date) => clock.format(date).replace(/\s/g, "\u00a0");
export const dayName = (date) => day.format(date);
export const moment = (date) => `${full.format(date)}, ${hour(date)}`;

const METHODS = {
  sendMessage: "Envió un mensaje",
  editMessageText: "Cambió un mensaje",
  editMessageReplyMarkup: "Cambió los botones",
  deleteMessage: "Borró un mensaje",
  deleteMessages: "Borró mensajes",
  answerCallbackQuery: "Atendió un botón",
  sendChatAction: "Avisó que está escribiendo",
  getUpdates: "Preguntó si hay mensajes",
  getMe: "Se presentó",
  setMyCommands: "Puso su menú",
};
const TRIED = {
  sendMessage: "Quiso enviar un mensaje",
  editMessageText: "Quiso cambiar un mensaje",
  editMessageReplyMarkup: "Quiso cambiar los botones",
  deleteMessage: "Quiso borrar un mensaje",
  deleteMessages: "Quiso borrar mensajes",
  answerCallbackQuery: "Quiso atender un botón",
  getUpdates: "Quiso recibir mensajes",
};

const TO = {
  editMessageText: " para ",
  editMessageReplyMarkup: " para ",
  deleteMessage: " del teléfono de ",
  deleteMessages: " del teléfono de ",
};

/** One line about a call of the bot: what it did, for whom, and what went wrong. */
export function callLine(call, nameOf) {
  const name = nameOf(call.chat_id);
  const done = call.ok ? METHODS[call.method] ?? "Arregló su conexión" : TRIED[call.method] ?? "Quiso conectarse";
  return `${done}${name ? `${TO[call.method] ?? " a "}${name}` : ""}${trouble(call)}`;
}

function trouble(call) {
  if (call.ok && call.fault === "truncate") return ": la respuesta llegó a medias";
  if (call.ok && call.dropped) return ", pero se cortó la respuesta";
  if (call.fault === "hang") return ": no hubo respuesta";
  if (call.dropped) return ": se cortó antes";
  if (call.ok) return "";
  if (call.code === 429) return `: Telegram pidió esperar ${call.retry_after} s`;
  if (call.code === 403) return ": Faro está bloqueado";
  if (call.code >= 500) return ": Telegram no pudo";
  return ": Telegram no lo aceptó";
}

const KINDS = {
  drop_before: "Se corta antes",
  drop_after: "Se corta después",
  truncate: "Respuesta a medias",
  hang: "Sin respuesta",
  hold_before: "Espera antes",
  hold_after: "Espera después",
};
const WANTS = {
  sendMessage: "al enviar",
  editMessageText: "al cambiar",
  deleteMessages: "al borrar",
  answerCallbackQuery: "al atender un botón",
  getUpdates: "al recibir",
};

/** One line about a fault that is still to come. */
export function faultLine(fault) {
  const kind = fault.kind === "refuse" ? `Error ${fault.code}` : KINDS[fault.kind];
  const where = fault.method ? WANTS[fault.method] ?? fault.method : "en todo";
  if (fault.holding && !fault.left) return `${kind} ${where}: ahora mismo`;
  if (fault.left === null) return `${kind} ${where}: siempre`;
  return `${kind} ${where}: ${fault.left === 1 ? "una vez más" : `${fault.left} veces más`}`;
}

export const ATTACHED = {
  voice: ["mic", "Nota de voz, 0:04"],
  photo: ["photo", "Foto"],
  video: ["photo", "Video"],
  document: ["file", "Documento"],
  sticker: ["smile", "Sticker"],
  contact: ["list", "Contacto"],
  location: ["list", "Ubicación"],
};
