## The slips with codes that the class teacher hands out

slips-title = Sign-in codes: { $school }
slips-code = Code:
slips-instruction = Point your phone's camera at a QR code, or write this code to the bot: it works once, until { $until }.
slips-instruction-without-links = Find the school's bot (the school will tell you its address) and write this code to it: it works once, until { $until }.
slips-telegram = Telegram
slips-vk = VK
