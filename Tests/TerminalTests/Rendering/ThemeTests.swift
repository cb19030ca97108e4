import Testing

@testable import Terminal

struct ThemeTests {
    @Test func themesHaveTheNamesOfTheCommandLine() {
        #expect(Theme.allCases.map(\.rawValue) == ["auto", "dark", "light", "high-contrast"])
    }

    @Test func aColourIsWrittenWithSixDigits() {
        #expect(RGB(0x14181F).hexadecimal == "#14181f")
        #expect(RGB(0xFF).hexadecimal == "#0000ff")
    }

    @Test(arguments: [
        (0x000000, false), (0x1E1E2E, false), (0x002B36, false), (0x300A24, false), (0x808080, true),
        (0xFDF6E3, true), (0xFFFFFF, true),
    ])
    func aBackgroundIsDarkOrLight(value: Int, isLight: Bool) {
        #expect(RGB(value).isLight == isLight)
    }
}
