/**
 * Exportify's names of its columns in the languages of its page: Arabic, Chinese (three), Dutch, French, German,
 * Greek, Italian, Japanese, Portuguese, Spanish, Swedish and Turkish. The names are those of its own files,
 * github.com/watsonbox/exportify, src/i18n/locales/*, of November 2026.
 */
export const EXPORTIFY_NAMES: Readonly<Record<string, readonly string[]>> = {
  track_id: [
    ...[
      'رابط الأغنية (URI)',
      '曲目 URI',
      '歌 Link',
      'Nummer URI',
      'URI du titre',
      'Track-URI',
      'URI κομματιού',
    ],
    ...['URI della traccia', 'トラックURI', 'URI da faixa', 'URI de la canción', 'Låtens URI', 'Parça URI'],
  ],
  artists: [
    ...['أسماء الفنانين', '艺人名称', '藝人名稱', 'Artist 名', 'Naam van artiest', "Nom(s) de l'artiste"],
    ...[
      'Künstlername(n)',
      'Όνομα/τα καλλιτέχνη',
      "Nome dell'artista",
      'アーティスト名',
      'Nome(s) do artista',
    ],
    ...['Nombre(s) del artista', 'Artistens namn', 'Sanatçı Adı'],
  ],
  album_name: [
    ...['اسم الألبوم', '专辑名称', '專輯名稱', '專輯名', 'Naam van album', "Nom de l'album", 'Album-Name'],
    ...[
      'Όνομα άλμπουμ',
      "Nome dell'album",
      'アルバム名',
      'Nome do álbum',
      'Nombre del álbum',
      'Albumets namn',
    ],
    ...['Albüm Adı'],
  ],
  track_name: [
    ...['اسم الأغنية', '曲目名称', '曲目名稱', '歌名', 'Nummernaam', 'Nom du titre', 'Όνομα κομματιού'],
    ...[
      'Nome della traccia',
      'トラック名',
      'Nome da faixa',
      'Nombre de la canción',
      'Låtens namn',
      'Parça Adı',
    ],
  ],
  popularity: [
    ...[
      'الشعبية',
      '热度',
      '熱門度',
      'Populariteit',
      'Popularité',
      'Beliebtheit',
      'Δημοτικότητα',
      'Popolarità',
    ],
    ...['人気度', 'Popularidade', 'Popularidad', 'Popularitet', 'Popülerlik'],
  ],
  duration_ms: [
    ...[
      'مدة الأغنية (بالمللي ثانية)',
      '曲目时长（毫秒）',
      '曲目長度（毫秒）',
      '曲目時長（毫秒）',
      'Nummerduur (ms)',
    ],
    ...['Durée du titre (ms)', 'Track-Dauer (ms)', 'Διάρκεια κομματιού (ms)', 'Durata della traccia (ms)'],
    ...['トラックの長さ（ミリ秒）', 'Duração da faixa (ms)', 'Duración de la canción (ms)', 'Låtlängd (ms)'],
    ...['Parça Süresi (ms)'],
  ],
  explicit: [
    ...['صريح', '含露骨内容', '含露骨內容', '家長指引', 'Expliciet', 'Explicite', 'Explizit', 'Ακατάλληλο'],
    ...['Esplicito', '明示的な内容', 'Explícita', 'Explícito', 'Açık İçerik'],
  ],
  danceability: [
    ...[
      'قابلية الرقص',
      '舞蹈性',
      'Dansbaarheid',
      'Danseabilité',
      'Tanzbarkeit',
      'Χορευτικότητα',
      'Ballabilità',
    ],
    ...['ダンサビリティ', 'Dançabilidade', 'Bailabilidad', 'Dansbarhet', 'Dans Edilebilirlik'],
  ],
  energy: ['الطاقة', '能量', 'Énergie', 'Ενέργεια', 'Energia', 'エネルギー', 'Energía', 'Energi', 'Enerji'],
  key: [
    ...['المفتاح', '调性', '調性', 'Toonsoort', 'Tonalité', 'Tonart', 'Τονικότητα', 'Chiave', 'キー'],
    ...['Tonalidade', 'Tonalidad', 'Ton'],
  ],
  loudness: [
    ...['مستوى الصوت', '响度', '響度', 'Luidheid', 'Volume sonore', 'Lautstärke', 'Ένταση', 'Volume'],
    ...['ラウドネス', 'Volumen', 'Ljudstyrka', 'Ses Seviyesi'],
  ],
  mode: ['النمط', '调式', '調式', 'Modus', 'Τρόπος', 'Modalità', 'モード', 'Modo', 'Läge', 'Mod'],
  speechiness: [
    ...['محتوى الكلام', '语音度', '語音度', 'Spraakzaamheid', 'Parlabilité', 'Sprachanteil', 'Ομιλητικότητα'],
    ...['Linguaggio parlato', 'スピーチ性', 'Oralidade', 'Hablado', 'Talighet', 'Konuşma Oranı'],
  ],
  acousticness: [
    ...[
      'الطابع الصوتي',
      '原声性',
      '原音性',
      'Akoestiek',
      'Acoustique',
      'Akustik',
      'Ακουστικότητα',
      'Acustica',
    ],
    ...['アコースティック性', 'Akustiklik'],
  ],
  instrumentalness: [
    ...['الطابع الآلي', '器乐度', '器樂度', 'Instrumentaliteit', 'Instrumentalität', 'Οργανοκεντρικότητα'],
    ...[
      'Strumentalità',
      'インストゥルメンタル性',
      'Instrumentalidade',
      'Instrumentalidad',
      'Instrumentalhet',
    ],
    ...['Enstrümantalite'],
  ],
  liveness: [
    ...['الحيوية', '现场感', '現場感', 'Levendigheid', 'Vivacité', 'Lebendigkeit', 'Ζωντάνια', 'Vivacità'],
    ...['ライブ感', 'Vivacidade', 'Vivacidad', 'Livlighet', 'Canlılık'],
  ],
  valence: [
    ...['الإيجابية', '情绪效价', '情緒效價', 'Valentie', 'Valenz', 'Θετικότητα', 'Valenza', '感情値'],
    ...['Valência', 'Valencia', 'Valens', 'Duygusallık'],
  ],
  tempo: ['الإيقاع', '速度', 'Ρυθμός', 'テンポ'],
  time_signature: [
    ...['توقيع الزمن', '拍号', '拍號', 'Maatstreep', 'Mesure', 'Taktart', 'Μέτρο', 'Battuta', '拍子'],
    ...['Compasso', 'Compás', 'Ölçü İşareti'],
  ],
  track_genre: [
    ...['أنواع الفنان', '艺人流派', '藝人曲風', 'Genres van de artiest', "Genres de l'artiste"],
    ...['Künstler-Genres', 'Είδη καλλιτέχνη', "Generi dell'artista", 'アーティストジャンル'],
    ...['Gêneros do artista', 'Géneros del artista', 'Artistens genrer', 'Sanatçı Türleri'],
  ],
  release_date: [
    ...['تاريخ إصدار الألبوم', '专辑发行日期', '專輯發行日期', '專輯發行日', 'Releasedatum van het album'],
    ...["Date de sortie de l'album", 'Veröffentlichungsdatum des Albums', 'Ημερομηνία κυκλοφορίας άλμπουμ'],
    ...["Data di rilascio dell'album", 'アルバム発売日', 'Data de lançamento do álbum'],
    ...['Fecha de lanzamiento del álbum', 'Albumets releasedatum', 'Albüm Çıkış Tarihi'],
  ],
};
