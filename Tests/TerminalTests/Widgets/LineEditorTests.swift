import Terminal
import Testing

struct LineEditorTests {
    /// The text with `|` where the cursor is.
    private func edited(_ text: String, _ keys: Key...) -> String {
        var editor = LineEditor(text)
        for key in keys { #expect(editor.handle(key) == true, "\(key)") }
        var characters = Array(editor.text)
        characters.insert("|", at: editor.cursor)
        return String(characters)
    }

    @Test func charactersGoWhereTheCursorIs() {
        #expect(edited("bd", .left, .character("c")) == "bc|d")
        #expect(edited("", .character("配")) == "配|")
    }

    @Test func backspaceAndDeleteTakeOneCharacter() {
        #expect(edited("a配e\u{301}", .backspace) == "a配|")
        #expect(edited("abc", .home, .delete) == "|bc")
        #expect(edited("abc", .home, .backspace) == "|abc")
        #expect(edited("abc", .delete) == "abc|")
    }

    @Test func theShellsKeysWork() {
        #expect(edited("one two", .control("a"), .control("f")) == "o|ne two")
        #expect(edited("one two", .control("a"), .control("e"), .control("b")) == "one tw|o")
        #expect(edited("one two", .left, .control("u")) == "|o")
        #expect(edited("one two", .home, .right, .control("k")) == "o|")
        #expect(edited("db.example.com", .control("w")) == "db.example.|")
        #expect(edited("one two  ", .control("w")) == "one |")
        #expect(edited("one two", .wordLeft, .wordLeft, .alt("d")) == "| two")
        #expect(edited("one two", .home, .wordRight, .alt("f")) == "one two|")
    }

    @Test func keysOfOthersAreLeftToThem() {
        var editor = LineEditor("x")
        for key: Key in [.enter, .tab, .up, .down, .escape, .function(1), .control("c"), .pageUp] {
            #expect(editor.handle(key) == false)
        }
        #expect(editor.text == "x")
    }

    @Test func pastedTextIsOneLine() {
        var editor = LineEditor("ad")
        editor.handle(.left)
        editor.insert("\nb\r\nc\n")
        #expect(editor.text == "ab cd")
        #expect(editor.cursor == 4)
    }

    @Test func aCombiningMarkJoinsTheLetterBeforeIt() {
        var editor = LineEditor("e")
        editor.handle(.character("\u{301}"))
        #expect(editor.text == "e\u{301}")
        #expect(editor.cursor == 1)
    }

    @Test func aLongTextScrollsSoThatTheCursorIsSeen() {
        var editor = LineEditor("0123456789")
        #expect(editor.visible(columns: 11) == ("0123456789", 10))
        #expect(editor.visible(columns: 6) == ("…6789", 5))
        editor.handle(.left)
        #expect(editor.visible(columns: 6) == ("…56789", 5))
        editor.handle(.home)
        #expect(editor.visible(columns: 6) == ("012345", 0))
    }

    @Test func theCursorIsInSightInEveryField() {
        for text in ["", "abc", "配置配置配", "e\u{301}e\u{301}e\u{301}e\u{301}"] {
            var editor = LineEditor(text)
            repeat {
                for columns in 1...8 {
                    let (shown, cursor) = editor.visible(columns: columns)
                    #expect(Text.width(shown) <= columns)
                    #expect((0..<columns).contains(cursor))
                }
            } while editor.cursor > 0 && editor.handle(.left)
        }
    }
}
