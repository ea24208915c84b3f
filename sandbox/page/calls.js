// How calls of the bot and faults are said in Spanish. No elements here.

const DEEDS = {
  sendMessage: ["Envió", "enviar", "un mensaje"],
  sendPhoto: ["Envió", "enviar", "una foto"],
  sendVoice: ["Envió", "enviar", "una nota de voz"],
  copyMessage: ["Copió", "copiar", "un mensaje"],
  copyMessages: ["Copió", "copiar", "mensajes"],
  editMessageText: ["Cambió", "cambiar", "un mensaje"],
  editMessageCaption: ["Cambió", "cambiar", "las palabras de una foto"],
  editMessageReplyMarkup: ["Cambió", "cambiar", "los botones"],
  deleteMessage: ["Borró", "borrar", "un mensaje"],
  deleteMessages: ["Borró", "borrar", "mensajes"],
  answerCallbackQuery: ["Atendió", "atender", "un botón"],
  setMessageReaction: ["Reaccionó", "reaccionar", "a un mensaje"],
  pinChatMessage: ["Fijó", "fijar", "un mensaje"],
  unpinChatMessage: ["Soltó", "soltar", "un mensaje fijado"],
  createForumTopic: ["Abrió", "abrir", "un tema"],
  editForumTopic: ["Cambió", "cambiar", "el nombre de un tema"],
  closeForumTopic: ["Cerró", "cerrar", "un tema"],
  reopenForumTopic: ["Reabrió", "reabrir", "un tema"],
  deleteForumTopic: ["Borró", "borrar", "un tema"],
  getChat: ["Miró", "mirar", "cómo está el chat"],
  getChatMember: ["Miró", "mirar", "quién es alguien"],
  getChatAdministrators: ["Miró", "mirar", "quién administra"],
  getChatMemberCount: ["Miró", "mirar", "cuántos hay"],
  leaveChat: ["Salió", "salir", "del grupo"],
  sendChatAction: ["Avisó", "avisar", "que está escribiendo"],
  getUpdates: ["Preguntó", "preguntar", "si hay mensajes"],
  getFile: ["Preguntó", "preguntar", "dónde está un archivo"],
  download: ["Bajó", "bajar", "un archivo"],
  getMe: ["Se presentó", "presentarse", ""],
  setMyCommands: ["Puso", "poner", "su menú"],
};

const TO = {
  editMessageText: " para ",
  editMessageReplyMarkup: " para ",
  deleteMessage: " del teléfono de ",
  deleteMessages: " del teléfono de ",
};

/** One line about a call of the bot: what it did, for whom or in which group, what went wrong. */
export function callLine(call, nameOf) {
  const name = nameOf(call.chat_id) ?? (call.chat_id > 0 ? "alguien más" : "");
  const [done, want, what] = DEEDS[call.method] ?? ["Arregló", "arreglar", "su conexión"];
  const to = call.chat_id < 0 ? " en " : TO[call.method] ?? " a ";
  const deed = `${call.ok ? done : `Quiso ${want}`} ${what}`.trimEnd();
  return `${deed}${name ? `${to}${name}` : ""}${trouble(call)}`;
}

function trouble(call) {
  if (call.ok && call.fault === "truncate") return ": la respuesta llegó a medias";
  if (call.ok && call.fault === "gateway") return ", pero la respuesta fue un error";
  if (call.ok && call.dropped) return ", pero se cortó la respuesta";
  if (call.fault === "hang") return ": no hubo respuesta";
  if (call.dropped) return ": se cortó antes";
  if (call.ok) return "";
  if (call.code === 429) return `: Telegram pidió esperar ${call.retry_after} s`;
  if (call.code === 403) return call.chat_id < 0 ? ": Faro no está en el grupo" : ": Faro está bloqueado";
  if (call.code >= 500) return ": Telegram no pudo";
  return ": Telegram no lo aceptó";
}

const KINDS = {
  gateway: "Error de un intermediario",
  drop_before: "Se corta antes",
  drop_after: "Se corta después",
  truncate: "Respuesta a medias",
  hang: "Sin respuesta",
  hold_before: "Espera antes",
  hold_after: "Espera después",
};
const WANTS = {
  sendMessage: "al enviar",
  copyMessage: "al copiar",
  editMessageText: "al cambiar",
  deleteMessages: "al borrar",
  createForumTopic: "al abrir un tema",
  answerCallbackQuery: "al atender un botón",
  getUpdates: "al recibir",
};

/** One line about a fault that is still to come. */
export function faultLine(fault) {
  const kind = fault.kind === "refuse" ? `Error ${fault.code}` : KINDS[fault.kind];
  const where = fault.method ? WANTS[fault.method] ?? fault.method : "en todo";
  if (fault.holding && !fault.left) return `${kind} ${where}: ahora mismo`;
  if (fault.share !== null) return `${kind} ${where}: al ${100 * fault.share} % de las personas`;
  if (fault.left === null) return `${kind} ${where}: siempre`;
  return `${kind} ${where}: ${fault.left === 1 ? "una vez más" : `${fault.left} veces más`}`;
}
