// How times, attachments and what happens in a group are said in Spanish. No elements here.

const CARACAS = "America/Caracas";
const clock = new Intl.DateTimeFormat("es-VE", { timeZone: CARACAS, hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat("es-VE", {
  timeZone: CARACAS, weekday: "long", day: "numeric", month: "long",
});
const full = new Intl.DateTimeFormat("es-VE", {
  timeZone: CARACAS, weekday: "long", day: "numeric", month: "long", year: "numeric",
});

export const hour = (date) => clock.format(date).replace(/\s/g, "\u00a0");
/** The hour without saying whether it is before or after noon, for where there is little room. */
export const shortHour = (date) => hour(date).replace(/[^\d:]/g, "");
export const dayName = (date) => day.format(date);
export const moment = (date) => `${full.format(date)}, ${hour(date)}`;

export const ATTACHED = {
  voice: ["mic", "Nota de voz, 0:04"],
  photo: ["photo", "Foto"],
  video: ["photo", "Video"],
  animation: ["photo", "Imagen que se mueve"],
  document: ["file", "Documento"],
  audio: ["file", "Audio"],
  video_note: ["photo", "Video redondo"],
  sticker: ["smile", "Sticker"],
  contact: ["list", "Contacto"],
  location: ["list", "Ubicación"],
  poll: ["list", "Encuesta"],
  dice: ["smile", "Dado"],
};

const SERVICES = {
  forum_topic_created: (one) => `${one.name} abrió el tema «${one.detail}»`,
  forum_topic_edited: (one) => `${one.name} cambió el nombre del tema a «${one.detail}»`,
  forum_topic_closed: (one) => `${one.name} cerró el tema`,
  forum_topic_reopened: (one) => `${one.name} volvió a abrir el tema`,
  general_forum_topic_hidden: (one) => `${one.name} ocultó el tema General`,
  general_forum_topic_unhidden: (one) => `${one.name} mostró el tema General`,
  new_chat_members: (one) => `${one.detail} entró al grupo`,
  left_chat_member: (one) => (one.detail === one.name ? `${one.name} salió` : `${one.name} sacó a ${one.detail}`),
  pinned_message: (one) => `${one.name} fijó un mensaje`,
  migrate_to_chat_id: () => "El grupo pasó a ser un supergrupo",
  migrate_from_chat_id: () => "Este supergrupo era un grupo",
};

/** What nobody said but happened in a group, such as that somebody came. */
export function serviceLine(shown) {
  return SERVICES[shown.kind]?.(shown) ?? "Algo cambió en el grupo";
}
