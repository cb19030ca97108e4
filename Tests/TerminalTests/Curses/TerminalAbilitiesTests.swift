import Testing

@testable import Terminal

struct TerminalAbilitiesTests {
    private func abilities(_ name: String, tmux: String? = nil) -> [Bool] {
        var environment = ["TERM": name]
        environment["TMUX"] = tmux
        let type = TerminalAbilities(environment: environment)
        return [type.reportsMouse, type.takesClipboard, type.tellsBackground]
    }

    @Test(arguments: [
        "xterm", "xterm-256color", "xterm-kitty", "rxvt-unicode-256color", "alacritty", "foot",
        "tmux-256color",
        "st-256color",
    ])
    func emulatorsAreKnown(name: String) {
        #expect(abilities(name) == [true, true, true])
    }

    @Test(arguments: ["linux", "vt100", "vt220", "dumb", "", "sun", "stv52"])
    func othersGetNothingThatCouldGarbleThem(name: String) {
        #expect(abilities(name) == [false, false, false])
    }

    @Test func screenHasTheMouseOnlyAndTmuxAnnouncesItselfAsScreen() {
        #expect(abilities("screen.xterm-256color") == [true, false, false])
        #expect(abilities("screen-256color", tmux: "socket,1,0") == [true, true, true])
        #expect(abilities("screen-256color", tmux: "") == [true, false, false])
    }
}
