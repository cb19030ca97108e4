import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The table of clients.
@Suite struct ClientsPageTests {
    @Test func theCommandThatRenewsTheSelectedClientIsCopied() {
        var stage = Stage()
        stage.press(.character("c"))
        stage.send(.clients(Sample.clients))
        stage.click("ci ")
        stage.press(.character("y"))
        let flags = "--context production --namespace buildkit --name ci --yes"
        #expect(stage.effects.last == .copy("buildkit-installer client renew \(flags)"))
        #expect(stage.answers.name.isEmpty)
        stage.send(.copied)
        #expect(stage.text.contains("Copied to the clipboard."))
        stage.press(.up)
        #expect(!stage.text.contains("Copied to the clipboard."))
    }
}
