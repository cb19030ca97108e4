import Testing

@testable import Terminal

struct BackgroundColorTests {
    @Test(arguments: [
        ("11;rgb:1e1e/1e1e/2e2e", 0x1E1E2E), ("11;rgb:ff/00/80", 0xFF0080), ("11;rgb:f/0/8", 0xFF0088),
        ("11;rgb:fff/000/800", 0xFF0080), ("11;rgba:ffff/ffff/ffff/8000", 0xFFFFFF),
    ])
    func anAnswerIsAColour(text: String, value: Int) {
        #expect(BackgroundColor.answer(text) == RGB(value))
    }

    @Test(arguments: [
        "", "11;", "11;?", "11;rgb:", "11;rgb:1/2", "11;rgb:1/2/3/4/5", "11;rgb:11111/2/3", "11;rgb:x/y/z",
        "11;rgb:-1/2/3", "11;rgb://", "10;rgb:0/0/0", "52;c;rgb", "11;#ffffff",
    ])
    func anythingElseIsNone(text: String) {
        #expect(BackgroundColor.answer(text) == nil)
    }

    @Test(
        arguments: [
            (nil, .dark), ("15;0", .dark), ("0;15", .light), ("0;default;7", .light), ("12;8", .dark),
            ("0;default", .dark), ("", .dark), ("0;11", .light),
        ] as [(String?, Theme)])
    func theVariableNamesTheBackgroundLast(value: String?, theme: Theme) {
        #expect(BackgroundColor.theme(environment: value.map { ["COLORFGBG": $0] } ?? [:]) == theme)
    }
}
