## Листочки с кодами, которые раздаёт классный руководитель

slips-title = Коды для входа: { $school }
slips-code = Код:
slips-instruction = Наведите камеру телефона на QR-код или напишите этот код боту: он сработает один раз, до { $until }.
slips-instruction-without-links = Найдите бота школы (адрес скажут в школе) и напишите ему этот код: он сработает один раз, до { $until }.
slips-telegram = Telegram
slips-vk = ВКонтакте
