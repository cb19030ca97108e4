import Testing

@testable import Installer

/// What tools say, once.
@Suite struct RepeatedWordsTests {
    @Test func anErrorThatHelmLogsBeforeItPrintsItIsToldOnce() {
        let said = """
            level=WARN msg="upgrade failed" name=m4 error="claims \\"m4-cache\\" is forbidden: only dynamically provisioned"
            Error: UPGRADE FAILED: claims "m4-cache" is forbidden: only dynamically provisioned
            """
        #expect(
            said.withoutRepeats
                == #"Error: UPGRADE FAILED: claims "m4-cache" is forbidden: only dynamically provisioned"#)
    }

    @Test func whatIsSaidOnlyOnceStays() {
        let said = """
            level=WARN msg="odd" error="something else"

            Error: no
            """
        #expect(said.withoutRepeats == said)
    }
}
